// Package sqs emulates Amazon Simple Queue Service: all 23 operations, on standard and FIFO queues.
//
// # What is emulated
//
//   - Every queue attribute with AWS's range and default; queue policies, which IAM evaluates; tags.
//   - Short and long polling, visibility timeouts, delays and retention, all on the cloud's virtual clock.
//   - Message attributes and the AWSTraceHeader system attribute, with the MD5 digests that SDKs verify.
//   - Batches with partial failure.
//   - Dead-letter queues: a message that has been received maxReceiveCount times is moved by the receive that would
//     return it once more. A standard dead-letter queue keeps the message's original enqueue time.
//   - Message move tasks with their rate, progress, cancellation and failures.
//   - FIFO queues: deduplication, message groups, sequence numbers, replay by ReceiveRequestAttemptId, expiry of
//     receipt handles.
//   - The 60-second rules of PurgeQueue and DeleteQueue, and the limits on messages in flight.
//
// # Where AWS leaves room
//
// AWS promises at-least-once delivery and best-effort order for standard queues. Here both are exact unless a fault says
// otherwise: a receive returns everything available, up to its maximum, the oldest first; a fault of kind duplicate leaves
// a second copy behind, one of kind reorder shuffles what is returned. FIFO queues know neither fault. Of several FIFO
// groups the one that has been available longest comes first. The "approximate" counts are exact. Changes take effect at
// once, where AWS may take up to a minute.
//
// A message's old receipt handle, from before it was received again, deletes nothing and is no error (standard), or is an
// error (FIFO). AWS documents the one as "might not be deleted" and the other as here.
//
// A long poll that finds only messages which it must move to the dead-letter queue answers empty without waiting
// further.
//
// # What is not emulated
//
//   - Encryption: the KMS and SSE attributes are kept and shown, and nothing is encrypted.
//   - Throughput quotas, and so FifoThroughputLimit has no effect.
//   - Fair queues: a message group id on a standard queue is kept and shown, and does not change the order.
//   - Other accounts: their queues do not exist. They may be named in policies.
//
// # Sources
//
//   - API reference: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/
//   - Developer guide: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/
package sqs
