// Package labs is the machine that runs labs: it starts, resets, solves and grades them. What a lab is made of is data, one
// folder under content/labs; content/labs/dead-letters is the one to copy.
//
// # A lab's folder
//
//	lab.yaml                facts: titles, checks, workers, wrong answers
//	ko.md, en.md            what the learner reads, hints, and a sentence for every way a check can end
//	check.star              the grader: setup(t), and check_…(t) for every check
//	starter/                the workspace as the learner finds it
//	solution/               files laid over the starter, and apply.sh
//	wrong/<mistake>/        files laid over the solution, and apply.sh
//
// # lab.yaml
//
//	title: {ko: …, en: …}       as in course.yaml
//	lesson: fifo-and-dlq        the lesson it belongs to
//	minutes: 40
//	needs: [docker]             only if it has instances or containers; then it is graded live
//	seeds: 2                    branches a grading runs on, 1 to 10; none for a live lab
//	workers:                    the learner's programs that check.star runs
//	  worker: {}                worker.sh, or worker.py, worker.js, … : the file that is not the starter's
//	  redrive: {argv: [redrive, --all], env: {MODE: fast}}
//	protected: [cook, kitchen]  files and folders the grader brings itself; the last part may be a pattern
//	checks:
//	  - id: only-poison         check_only_poison in check.star
//	    title: {ko: …, en: …}   the requirement, as a sentence
//	    points: 30              0 for a check that only shows something
//	    needs: [nothing-lost]   checks above it; it is blocked if they do not pass
//	wrong:
//	  resend-by-hand: redriven  a folder under wrong/, and the check that must catch it
//
// # ko.md and en.md
//
// Between --- and ---: summary. Then markdown, with an id on every heading (## 할 일 {#task}). After it the sections that
// are shown one by one:
//
//	## hint:1                   hints, in the order they are given
//	## check:only-poison/impatient
//	                            what should be, and what is; {places} are filled from the names t.want was given
//	                            > and, quoted, the next thing to look at: never the solution
//	## check:*/send-failed      an outcome of a helper, shared by all checks
//
// Expected and found values and the journal's records are shown beside the sentence; it need not repeat them. Both
// languages have the same headings, keys, places and code.
//
// # check.star
//
// Starlark, a small Python: see package world for what hangs on t. setup(t) runs once on the learner's new cloud and
// returns the variables of the lab's shell (ORDERS_URL). A check runs on a branch of the learner's cloud with a copy of the
// workspace; it ends when a t.want does not hold, with an outcome and values but no sentence. The checks of one seed
// share their branch and t.memo. A good grader
//
//   - drives traffic and faults itself, after the learner stopped;
//   - draws names and numbers from t.random: nobody can know them beforehand;
//   - reads effects (what was cooked, in which order, how often), not only configuration;
//   - lets time pass with t.clock.advance, minutes or days;
//   - calls what the learner may have broken through t.attempt: any other refused call is the grader's own error.
//
// # Labs with instances
//
// Machines cannot be branched, so a lab that needs docker is graded live: once, on the learner's own cloud, whose clock runs
// on; the workspace is a copy as ever. content/labs/surviving-disk is the one to copy. Its checks look at machines with
// t.instances, through the firewall (http, reach) or past it (exec), and wait on the wall clock. Names and numbers are drawn
// anew at every grading: those of the last one may be on the learner's disks.
//
// After the last check, and also after a crash, when the time is up or at Ctrl-C, haneul puts back what it can: instances the
// checks launched are terminated; types, states, attachments, security groups and rules are as before; volumes, groups and
// faults the checks made are gone. Then def teardown(t) runs, if there is one, for the rest: lines in files, roles, objects. It
// may run in another process than the checks: t.memo is empty then, so it looks at the world. An instance that was killed
// cannot be brought back: a check kills what it launched itself. setup(t) may launch instances, and waits until they run.
//
// # apply.sh
//
// Does what a learner would do in the cloud, with aws, in the workspace. It is a plain shell script, confined to the
// workspace, and runs no other program, so that it works on every system: $(< file), not cat. $SOLUTION is the solution's
// folder: a wrong answer usually begins with `. "$SOLUTION/apply.sh"`.
//
// # Grading
//
// [Kit.Check] runs check.star in a process of its own, killed at 256 MB or after a minute, a live one after three. A result
// is complete even then. There are four verdicts: pass, fail, blocked, and error, which is the grader's own trouble and costs
// no points. With several seeds the loudest verdict counts. Checking changes nothing the learner has, and twice says the
// same. Two live gradings of one lab at once are refused.
//
// [Lint] and [Kit.Prove] hold a folder to all this; `haneul author lint` and `haneul author test` call them, and so does
// TestEveryLab.
package labs
