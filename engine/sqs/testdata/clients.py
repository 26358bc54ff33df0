"""Walks SQS as boto3 sees it. boto3 1.26 speaks the Query protocol, newer ones JSON: the same script must pass with both."""

import hashlib
import json
import os
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint = os.environ["ENDPOINT"]
sqs = boto3.client("sqs", endpoint_url=endpoint, config=Config(retries={"max_attempts": 0}, read_timeout=30))


def advance(duration):
    request = urllib.request.Request(
        endpoint + "/_haneul/v1/clouds/default/clock",
        data=json.dumps({"advance": duration}).encode(),
        headers={"X-Haneul-Token": os.environ["TOKEN"], "Content-Type": "application/json"},
    )
    urllib.request.urlopen(request).read()


def refused(code, call, message=None, **params):
    try:
        call(**params)
    except ClientError as e:
        got = e.response["Error"]
        assert got["Code"] == code, f"{got['Code']} is not {code}: {got['Message']}"
        assert message is None or got["Message"] == message, got["Message"]
        return e
    raise AssertionError(f"no {code} from {call.__name__}({params})")


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def md5_of_attributes(attributes):
    digest = hashlib.md5()

    def part(raw):
        digest.update(len(raw).to_bytes(4, "big") + raw)

    for name in sorted(attributes):
        value = attributes[name]
        part(name.encode())
        part(value["DataType"].encode())
        if value["DataType"].startswith("Binary"):
            digest.update(b"\x02")
            part(value["BinaryValue"])
        else:
            digest.update(b"\x01")
            part(value["StringValue"].encode())
    return digest.hexdigest()


# Queues.
dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
url = sqs.create_queue(
    QueueName="orders",
    Attributes={"VisibilityTimeout": "10", "RedrivePolicy": json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": "2"})},
    tags={"team": "하늘", "empty": ""},
)["QueueUrl"]
assert url.startswith(endpoint) and url.endswith("/orders"), url
assert sqs.get_queue_url(QueueName="orders")["QueueUrl"] == url
assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "하늘", "empty": ""}
sqs.tag_queue(QueueUrl=url, Tags={"a": "b"})
sqs.untag_queue(QueueUrl=url, TagKeys=["team", "empty"])
assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"a": "b"}
pages = [p["QueueUrls"] for p in sqs.get_paginator("list_queues").paginate(PaginationConfig={"PageSize": 1})]
assert pages == [[dead], [url]], pages
assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [url]
refused("QueueAlreadyExists", sqs.create_queue, QueueName="orders", Attributes={"VisibilityTimeout": "11"})
gone = refused("AWS.SimpleQueueService.NonExistentQueue", sqs.get_queue_url, QueueName="none")
assert isinstance(gone, sqs.exceptions.QueueDoesNotExist), type(gone)
refused("InvalidAttributeName", sqs.get_queue_attributes, "Unknown Attribute Colour.", QueueUrl=url, AttributeNames=["Colour"])
refused("InvalidParameterValue", sqs.create_queue, QueueName="bad name")

# Messages: bodies and attributes survive, digests agree.
body = "안녕 <&> \"quotes\" 'single' \t tab\r\nline 하늘 😀"
attributes = {
    "text": {"DataType": "String", "StringValue": "값 <&>"},
    "number": {"DataType": "Number.int", "StringValue": "42"},
    "bytes": {"DataType": "Binary.gif", "BinaryValue": bytes(range(256))},
}
trace = {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}}
sent = sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes, MessageSystemAttributes=trace)
assert sent["MD5OfMessageBody"] == md5(body)
assert sent["MD5OfMessageAttributes"] == md5_of_attributes(attributes)
assert sent["MD5OfMessageSystemAttributes"] == md5_of_attributes(trace)
got = sqs.receive_message(QueueUrl=url, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"]
assert len(got) == 1 and got[0]["Body"] == body and got[0]["MD5OfBody"] == md5(body), got
assert got[0]["MessageId"] == sent["MessageId"] and got[0]["MessageAttributes"] == attributes
assert got[0]["MD5OfMessageAttributes"] == md5_of_attributes(attributes)
system = got[0]["Attributes"]
assert system["ApproximateReceiveCount"] == "1" and system["AWSTraceHeader"].startswith("Root="), system
assert {"SenderId", "SentTimestamp", "ApproximateFirstReceiveTimestamp"} <= set(system), system
assert "Messages" not in sqs.receive_message(QueueUrl=url)

# Visibility, then the dead-letter queue.
sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=got[0]["ReceiptHandle"], VisibilityTimeout=60)
advance("59s")
assert "Messages" not in sqs.receive_message(QueueUrl=url)
advance("1s")
assert len(sqs.receive_message(QueueUrl=url)["Messages"]) == 1
advance("10s")
assert "Messages" not in sqs.receive_message(QueueUrl=url)
letter = sqs.receive_message(QueueUrl=dead, AttributeNames=["All"], VisibilityTimeout=0)["Messages"][0]
assert letter["MessageId"] == sent["MessageId"] and letter["Body"] == body
if hasattr(sqs, "start_message_move_task"):
    handle = sqs.start_message_move_task(SourceArn=dead_arn)["TaskHandle"]
    assert sqs.list_message_move_tasks(SourceArn=dead_arn)["Results"][0]["Status"] == "RUNNING"
    sqs.cancel_message_move_task(TaskHandle=handle)
    advance("1s")
    assert sqs.list_message_move_tasks(SourceArn=dead_arn)["Results"][0]["Status"] == "CANCELLED"
    sqs.start_message_move_task(SourceArn=dead_arn, MaxNumberOfMessagesPerSecond=500)
    advance("1s")
    done = sqs.list_message_move_tasks(SourceArn=dead_arn, MaxResults=10)["Results"]
    assert [t["Status"] for t in done] == ["COMPLETED", "CANCELLED"], done
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == body
    refused("ResourceNotFoundException", sqs.start_message_move_task, SourceArn=dead_arn + "x")
refused("ReceiptHandleIsInvalid", sqs.delete_message, QueueUrl=url, ReceiptHandle="garbage")

# Batches with partial failure.
advance("1m")
batch = sqs.create_queue(QueueName="batch")["QueueUrl"]
out = sqs.send_message_batch(QueueUrl=batch, Entries=[
    {"Id": "a", "MessageBody": "one", "MessageAttributes": {"k": {"DataType": "String", "StringValue": "v"}}},
    {"Id": "b", "MessageBody": "two", "DelaySeconds": 901},
    {"Id": "c", "MessageBody": "three"},
])
assert [e["Id"] for e in out["Successful"]] == ["a", "c"], out
assert out["Successful"][0]["MD5OfMessageBody"] == md5("one")
failure = out["Failed"][0]
assert (failure["Id"], failure["Code"], failure["SenderFault"]) == ("b", "InvalidParameterValue", True), failure
got = sqs.receive_message(QueueUrl=batch, MaxNumberOfMessages=10)["Messages"]
assert [m["Body"] for m in got] == ["one", "three"], got
changed = sqs.change_message_visibility_batch(QueueUrl=batch, Entries=[
    {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"], "VisibilityTimeout": 5} for i, m in enumerate(got)])
assert len(changed["Successful"]) == 2, changed
deleted = sqs.delete_message_batch(QueueUrl=batch, Entries=[
    {"Id": "0", "ReceiptHandle": got[0]["ReceiptHandle"]}, {"Id": "1", "ReceiptHandle": "garbage"}])
assert [e["Id"] for e in deleted["Successful"]] == ["0"] and deleted["Failed"][0]["Code"] == "ReceiptHandleIsInvalid", deleted
e = refused("AWS.SimpleQueueService.BatchEntryIdsNotDistinct", sqs.send_message_batch, "Id a repeated.", QueueUrl=batch,
            Entries=[{"Id": "a", "MessageBody": "1"}, {"Id": "a", "MessageBody": "2"}])
assert isinstance(e, sqs.exceptions.BatchEntryIdsNotDistinct), type(e)
sqs.purge_queue(QueueUrl=batch)
refused("AWS.SimpleQueueService.PurgeQueueInProgress", sqs.purge_queue, QueueUrl=batch)

# FIFO.
fifo = sqs.create_queue(QueueName="orders.fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
first = sqs.send_message(QueueUrl=fifo, MessageBody="1", MessageGroupId="g")
assert len(first["SequenceNumber"]) == 20
assert sqs.send_message(QueueUrl=fifo, MessageBody="1", MessageGroupId="g")["MessageId"] == first["MessageId"]
sqs.send_message(QueueUrl=fifo, MessageBody="2", MessageGroupId="g", MessageDeduplicationId="explicit")
ask = dict(QueueUrl=fifo, MaxNumberOfMessages=1, ReceiveRequestAttemptId="attempt", AttributeNames=["All"])
got = sqs.receive_message(**ask)["Messages"]
assert got[0]["Body"] == "1" and got[0]["Attributes"]["MessageGroupId"] == "g", got
assert sqs.receive_message(**ask)["Messages"][0]["ReceiptHandle"] == got[0]["ReceiptHandle"]
assert "Messages" not in sqs.receive_message(QueueUrl=fifo)
sqs.delete_message(QueueUrl=fifo, ReceiptHandle=got[0]["ReceiptHandle"])
got = sqs.receive_message(QueueUrl=fifo, WaitTimeSeconds=1)["Messages"]
assert got[0]["Body"] == "2"
advance("30s")
refused("InvalidParameterValue", sqs.delete_message, QueueUrl=fifo, ReceiptHandle=got[0]["ReceiptHandle"])
refused("MissingParameter", sqs.send_message, "The request must contain the parameter MessageGroupId.", QueueUrl=fifo, MessageBody="x")

# Permissions.
sqs.add_permission(QueueUrl=batch, Label="share", AWSAccountIds=["111122223333"], Actions=["SendMessage", "ReceiveMessage"])
policy = json.loads(sqs.get_queue_attributes(QueueUrl=batch, AttributeNames=["Policy"])["Attributes"]["Policy"])
assert policy["Statement"][0]["Action"] == ["SQS:SendMessage", "SQS:ReceiveMessage"], policy
sqs.remove_permission(QueueUrl=batch, Label="share")
sqs.set_queue_attributes(QueueUrl=batch, Attributes={"DelaySeconds": "3"})
attributes = sqs.get_queue_attributes(QueueUrl=batch, AttributeNames=["All"])["Attributes"]
assert attributes["DelaySeconds"] == "3" and "Policy" not in attributes, attributes

# The resource interface, and the end of a queue.
queue = boto3.resource("sqs", endpoint_url=endpoint).get_queue_by_name(QueueName="batch")
queue.send_message(MessageBody="by resource", DelaySeconds=0)
for message in queue.receive_messages(WaitTimeSeconds=0):
    assert message.body == "by resource"
    message.delete()
sqs.delete_queue(QueueUrl=batch)
refused("AWS.SimpleQueueService.QueueDeletedRecently", sqs.create_queue, QueueName="batch")
