// Package world is what check.star sees: one branch of a learner's cloud, a copy of the workspace, and a clock that can be
// turned. It runs the functions of one check.star on one seed.
//
// Everything hangs on the one argument of every function, t:
//
//	t.aws.sqs.send_message(QueueUrl=…)   any operation of the cloud, as in boto3; a refused call ends the check in error
//	t.attempt(t.aws.sqs.…, QueueUrl=…)   the same, for what the learner may have got wrong: .ok, .value, .code, .message
//	t.want(ok, "key", expected=…, found=…, evidence=[…], name=…)
//	                                     ends the check with that outcome unless ok; the names fill the sentence's {places}
//	t.clock.advance("5m") .now() .freeze() .resume()
//	t.workers.start("worker", count=1) .stop("worker") .output("worker") .run("redrive", "arg", within="1m")
//	t.files.read(p) .write(p, text) .append(p, text) .lines(p) .exists(p) .remove(p)
//	t.fault.add(kind="error", service=…, operation=…, arn=…, code=…, count=…, rate=…, latency="2s") .clear()
//	t.random.token(8) .int(1, 6) .choice(list) .shuffle(list) .sample(list, n)
//	t.journal.find(op="DeleteMessage", arn=…, code=…, MessageId=…)
//	t.instances.http(id, "/") .reach(id, 22) .exec(id, "df -h") .wait(id, "running") .kill(id) …
//	t.env.ORDERS_URL                     what setup returned
//	t.memo                               a dict the checks of one seed share
//
// Besides t there are struct and json, and Starlark's own functions. There is no file, network, time or randomness but
// what t gives, so a seed repeats.
//
// What an operation answers is read as out.Messages[0].Body or out["Messages"]; what is not there is empty, false and
// yields nothing, however deep: `for m in out.Messages` needs no if.
//
// # Instances
//
// What t.instances asks, it asks from outside, on the wall clock. What says something about the learner's machines is a
// value, never the grader's error. Lengths of time are texts ("500ms"); with within="10s" a call is repeated until it is ok.
//
//	http(id, path="/", method="GET", body="", headers={}, port=80, source="203.0.113.10", timeout="3s", within="")
//	                            through the firewalls: .ok (2xx), .status, .body, .headers["content-type"], .error: "",
//	                            "Timeout" (dropped, or no machine), "Refused", or a text. source is an address of the
//	                            internet, or the private address of another instance
//	reach(id, port, source=…, timeout="3s", within="")
//	                            "open", "Refused", "Timeout", or "InvalidInstanceID.NotFound"
//	exec(id, cmd, stdin="", timeout="20s", within="")
//	                            a line for sh or a list of words, as root: .ok, .code, .output, .error; the code is -1 if the
//	                            command did not run to its end
//	wait(id, state, within="30s")
//	                            .ok, .state ("missing" if nobody knows the instance), .reason
//	kill(id) interrupt(id) outage(zone)
//	                            bad luck: .ok, .instances, .error
//	list()                      id, name, type, state, zone, private_ip, public_ip, vpc, groups, spot, reason, note, …
//	console(id) pause("1s")
//
// # Time
//
// The branch's clock is frozen; only advance moves it. Before and while it moves, advance waits until no call is in flight
// but parked ones and every worker is parked: in a long poll, or asleep. A worker that never rests for two seconds
// fails the check, with what it printed; so does one that is missing or holds more than 1 GB. With workers running, time passes in thirty steps, so that they act in between.
//
// On the learner's own cloud, where instances are, the clock runs, and t.workers.run waits on the wall clock.
package world
