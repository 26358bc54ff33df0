package sqs

import "haneul/engine/emu"

// Facts about SQS, read from its documentation on 2026-11-20 unless a line says otherwise.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html
const (
	maxNameLength = 80 // characters, including .fifo

	// Queue attributes, in seconds and bytes. API_SetQueueAttributes.
	maxDelay          = 900
	minMessageSize    = 1_024
	maxMessageSize    = 1_048_576 // 1 MiB since 2025-08-04; 262,144 before
	minRetention      = 60
	maxRetention      = 1_209_600
	defaultRetention  = 345_600
	maxWait           = 20
	maxVisibility     = 43_200
	defaultVisibility = 30
	minKeyReuse       = 60
	maxKeyReuse       = 86_400
	defaultKeyReuse   = 300
	maxReceives       = 1_000 // maxReceiveCount of a redrive policy
	maxSourceQueues   = 10    // sourceQueueArns of a redrive allow policy
	maxStatements     = 20    // in a queue policy; quotas-policies

	maxTags     = 50 // quotas-queues; a recommendation there, enforced here
	maxTagKey   = 128
	maxTagValue = 256

	// Messages. quotas-messages.
	maxBatch         = 10
	maxBatchID       = 80
	maxBatchSize     = 1_048_576
	maxAttributes    = 10
	maxAttributeName = 256
	maxGroupID       = 128 // and MessageDeduplicationId; API_SendMessage

	maxInFlight     = 120_000 // standard: OverLimit when short polling; quotas-messages
	maxInFlightFIFO = 120_000 // FIFO: no error, nothing more is returned; quotas-fifo (20,000 before 2024-11)

	maxListed = 1_000 // ListQueues, ListDeadLetterSourceQueues

	dedupWindow   = 5 * emu.Minute  // FIFO-queues-exactly-once-processing
	attemptWindow = 5 * emu.Minute  // API_ReceiveMessage, ReceiveRequestAttemptId
	purgeInterval = 60 * emu.Second // API_PurgeQueue
	recreateAfter = 60 * emu.Second // API_DeleteQueue

	// Message move tasks. API_StartMessageMoveTask, API_ListMessageMoveTasks.
	maxMoveRate     = 500 // messages a second; also the pace when none is given, where AWS "optimises" it
	maxMoveResults  = 10
	maxMoveDuration = 36 * emu.Hour
	maxActiveMoves  = 100

	billedChunk = 64 << 10 // a request is billed per 64 KB of payload; aws.amazon.com/sqs/pricing
)
