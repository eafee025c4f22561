/// The scripts of a queue, each a file of Lua in `Scripts`.
enum BullMQScript {
    static let addJobs = script("AddJobs", PackageResources.AddJobs_lua)
    static let claimJobs = script("ClaimJobs", PackageResources.ClaimJobs_lua)
    static let finishJob = script("FinishJob", PackageResources.FinishJob_lua)
    static let retryJob = script("RetryJob", PackageResources.RetryJob_lua)
    static let renewLocks = script("RenewLocks", PackageResources.RenewLocks_lua)
    static let recoverStalled = script("RecoverStalled", PackageResources.RecoverStalled_lua)
    static let wakeWorkers = script("WakeWorkers", PackageResources.WakeWorkers_lua)
    static let pauseQueue = script("PauseQueue", PackageResources.PauseQueue_lua)
    static let resumeQueue = script("ResumeQueue", PackageResources.ResumeQueue_lua)
    static let retryFailed = script("RetryFailed", PackageResources.RetryFailed_lua)
    static let removeJob = script("RemoveJob", PackageResources.RemoveJob_lua)
    static let findJob = script("FindJob", PackageResources.FindJob_lua)

    static let all = [
        addJobs, claimJobs, finishJob, retryJob, renewLocks, recoverStalled, wakeWorkers, pauseQueue, resumeQueue,
        retryFailed, removeJob, findJob,
    ]

    private static func script(_ name: String, _ source: [UInt8]) -> RedisScript {
        RedisScript(name, String(decoding: PackageResources.Shared_lua + source, as: UTF8.self))
    }
}

extension RedisConfiguration {
    /// A configuration whose connections have the scripts of queues and workers loaded.
    public static func bullMQ(_ url: RedisURL) -> RedisConfiguration {
        var configuration = RedisConfiguration(url: url)
        configuration.scripts = BullMQScript.all
        return configuration
    }
}
