// swift-tools-version: 6.2

import PackageDescription

let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTPTypesHTTP1 = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let serviceLifecycleTestKit = Target.Dependency.product(
    name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let bullMQScripts = [
    "AddJobs", "ClaimJobs", "FindJob", "FinishJob", "PauseQueue", "RecoverStalled", "RemoveJob", "RenewLocks",
    "ResumeQueue", "RetryFailed", "RetryJob", "Shared", "WakeWorkers",
]

let package = Package(
    name: "invoices",
    products: [
        .executable(name: "invoices", targets: ["InvoicesServer"]),
        .library(name: "LibPQ", targets: ["LibPQ"]),
        .library(name: "EventSourcing", targets: ["EventSourcing"]),
        .library(name: "Pipelines", targets: ["Pipelines"]),
        .library(name: "EventSourcingPostgres", targets: ["EventSourcingPostgres"]),
        .library(name: "EventSourcingTesting", targets: ["EventSourcingTesting"]),
        .library(name: "HTTPConventions", targets: ["HTTPConventions"]),
        .library(name: "EmbeddedPostgres", targets: ["EmbeddedPostgres"]),
        .library(name: "Webhooks", targets: ["Webhooks"]),
        .library(name: "EmbeddedRedis", targets: ["EmbeddedRedis"]),
        .library(name: "BullMQ", targets: ["BullMQ"]),
        .library(name: "EventSourcingBullMQ", targets: ["EventSourcingBullMQ"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // The libraries
        .systemLibrary(name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "LibPQ",
            dependencies: [
                "CLibPQ", coreMetrics, crypto, logging, serviceLifecycle,
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(
            name: "EventSourcing",
            dependencies: [
                crypto, logging, serviceLifecycle,
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]),
        .target(name: "Pipelines", dependencies: ["EventSourcing", logging, serviceLifecycle]),
        .target(
            name: "EventSourcingPostgres",
            dependencies: [
                "EventSourcing", "LibPQ", "Pipelines", logging, serviceLifecycle,
                .product(name: "DequeModule", package: "swift-collections"),
            ]),
        .target(name: "EventSourcingTesting", dependencies: ["EventSourcing", "Pipelines"]),
        .target(
            name: "Webhooks",
            dependencies: [
                "EventSourcing", asyncHTTPClient, crypto, logging, nioCore, nioHTTP1, nioPosix, serviceLifecycle,
            ]),
        .target(name: "ServerProcesses", dependencies: [serviceLifecycle, subprocess, systemPackage]),
        .target(
            name: "EmbeddedPostgres",
            dependencies: ["ServerProcesses", serviceLifecycle, subprocess, systemPackage]),
        .target(name: "EmbeddedRedis", dependencies: ["ServerProcesses", serviceLifecycle, subprocess]),

        .target(
            name: "BullMQ",
            dependencies: [crypto, logging, nioCore, nioPosix, nioSSL, serviceLifecycle],
            resources: bullMQScripts.map { .embedInCode("Queue/Scripts/\($0).lua") }),
        .target(name: "EventSourcingBullMQ", dependencies: ["BullMQ", "EventSourcing", logging, serviceLifecycle]),
        .target(name: "SMTP", dependencies: [nioCore, nioPosix, nioSSL]),

        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "HTTPConventions",
            dependencies: [
                "CZlib", "EventSourcing", crypto, httpTypes, hummingbird, hummingbirdCore, logging, nioCore, nioHTTP1,
                nioHTTPTypes, nioHTTPTypesHTTP1, nioPosix, serviceLifecycle, "Yams",
            ]),

        // The invoices service
        .target(name: "InvoicesDomain", dependencies: ["EventSourcing"]),
        .target(name: "InvoicesApplication", dependencies: ["InvoicesDomain", "EventSourcing", "Pipelines"]),
        .target(
            name: "InvoicesInfrastructure",
            dependencies: [
                "InvoicesApplication", "InvoicesDomain", "EventSourcing", "EventSourcingPostgres", "LibPQ", "SMTP",
                asyncHTTPClient, logging, nioCore, nioHTTP1, serviceLifecycle,
            ]),
        .target(
            name: "InvoicesPresentation",
            dependencies: [
                "HTTPConventions", "InvoicesApplication", "InvoicesDomain", "EventSourcing", httpTypes, hummingbird,
                hummingbirdCore, logging, mustache,
            ],
            resources: [.embedInCode("Printing/invoice.mustache"), .embedInCode("Notifications/Templates")]),
        .executableTarget(
            name: "InvoicesServer",
            dependencies: [
                "HTTPConventions", "InvoicesPresentation", "InvoicesInfrastructure", "InvoicesApplication",
                "InvoicesDomain", "BullMQ", "EventSourcing", "EventSourcingBullMQ", "EventSourcingPostgres",
                "EmbeddedPostgres", "EmbeddedRedis", "LibPQ", "Pipelines", "SMTP", "ServerProcesses", "Webhooks",
                configuration, hummingbird, logging, nioCore, serviceLifecycle, systemPackage,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),

        // Examples
        .executableTarget(
            name: "ProductCatalog",
            dependencies: [
                "EmbeddedPostgres", "EventSourcing", "EventSourcingPostgres", "LibPQ", "Pipelines", logging,
            ],
            path: "Examples/ProductCatalog", exclude: ["README.md"]),

        // Benchmarks
        .executableTarget(
            name: "Benchmark",
            dependencies: [
                "BullMQ", "EmbeddedPostgres", "EventSourcing", "EventSourcingBullMQ", "EventSourcingPostgres",
                "InvoicesDomain", "InvoicesInfrastructure", "InvoicesPresentation", "LibPQ", crypto, hummingbird,
                logging, subprocess, systemPackage,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks", exclude: ["README.md", "peers", "wrk"]),

        // Tests
        .target(
            name: "PostgresTesting", dependencies: ["EmbeddedPostgres", "LibPQ", subprocess, systemPackage],
            path: "Tests/PostgresTesting"),
        .target(name: "RedisTesting", dependencies: ["EmbeddedRedis", subprocess], path: "Tests/RedisTesting"),
        .target(name: "HTTPTesting", path: "Tests/HTTPTesting"),
        .target(name: "WebhookTesting", dependencies: [nioCore, nioHTTP1, nioPosix], path: "Tests/WebhookTesting"),
        .target(name: "AppendWorkload", dependencies: ["EventSourcing"], path: "Tests/AppendWorkload"),
        .executableTarget(
            name: "AppendingClient",
            dependencies: ["AppendWorkload", "EventSourcing", "EventSourcingPostgres", "LibPQ"],
            path: "Tests/AppendingClient"),
        .executableTarget(
            name: "LogWorker",
            dependencies: ["EventSourcing", "EventSourcingPostgres", "LibPQ", logging, serviceLifecycle],
            path: "Tests/LogWorker"),
        .executableTarget(
            name: "CommandProcess",
            dependencies: [
                "BullMQ", "EventSourcing", "EventSourcingBullMQ", "EventSourcingPostgres", "LibPQ", "Pipelines",
                logging,
            ],
            path: "Tests/CommandProcess"),
        .target(
            name: "SMTPTesting", dependencies: [nioCore, nioPosix, nioSSL], path: "Tests/SMTPTesting"),
        .testTarget(name: "SMTPTests", dependencies: ["PostgresTesting", "SMTP", "SMTPTesting"]),
        .testTarget(
            name: "LibPQTests",
            dependencies: [
                "LibPQ", "EmbeddedPostgres", "PostgresTesting", logging, serviceLifecycle,
                serviceLifecycleTestKit, .product(name: "MetricsTestKit", package: "swift-metrics"),
            ]),
        .testTarget(
            name: "EventSourcingTests",
            dependencies: [
                "AppendWorkload", "EventSourcing", "EventSourcingTesting", logging, serviceLifecycle,
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            resources: [.copy("Upcasting/Fixtures")]),
        .testTarget(
            name: "EventSourcingPostgresTests",
            dependencies: [
                "AppendWorkload", "AppendingClient", "CommandProcess", "EmbeddedPostgres", "EventSourcing",
                "EventSourcingPostgres", "EventSourcingTesting", "LibPQ", "LogWorker", "Pipelines", "PostgresTesting",
                logging, serviceLifecycle, subprocess, systemPackage,
            ]),
        .testTarget(
            name: "ProductCatalogTests",
            dependencies: [
                "EventSourcing", "EventSourcingTesting", "Pipelines", "ProductCatalog", logging, subprocess,
                systemPackage,
            ],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "PipelinesTests",
            dependencies: [
                "BullMQ", "CommandProcess", "EmbeddedPostgres", "EventSourcing", "EventSourcingBullMQ",
                "EventSourcingPostgres", "EventSourcingTesting", "LibPQ", "Pipelines", "PostgresTesting",
                "RedisTesting", logging, serviceLifecycle, serviceLifecycleTestKit, subprocess, systemPackage,
            ]),
        .testTarget(
            name: "WebhooksTests",
            dependencies: [
                "WebhookTesting", "Webhooks", "EventSourcing", "EventSourcingTesting", asyncHTTPClient, crypto, logging,
                nioCore, nioHTTP1, nioPosix, serviceLifecycle, serviceLifecycleTestKit, subprocess, systemPackage,
            ]),
        .testTarget(
            name: "BullMQTests",
            dependencies: [
                "BullMQ", "EventSourcing", "EventSourcingBullMQ", "EventSourcingTesting", "RedisTesting", logging,
                nioCore, nioPosix, serviceLifecycle, serviceLifecycleTestKit, subprocess, systemPackage,
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "BullMQ", "EmbeddedPostgres", "EmbeddedRedis", "EventSourcing", "EventSourcingPostgres",
                "EventSourcingTesting", "HTTPConventions", "LibPQ", "Pipelines", "Webhooks", hummingbird, logging,
                serviceLifecycle, serviceLifecycleTestKit,
            ]),
        .testTarget(
            name: "EmbeddedPostgresTests",
            dependencies: [
                "EmbeddedPostgres", "ServerProcesses", serviceLifecycleTestKit, subprocess,
            ]),
        .testTarget(
            name: "EmbeddedRedisTests",
            dependencies: ["EmbeddedRedis", "RedisTesting", "ServerProcesses", serviceLifecycleTestKit]),
        .testTarget(
            name: "InvoicesDomainTests", dependencies: ["InvoicesDomain", "EventSourcing", "EventSourcingTesting"],
            resources: [.copy("Fixtures")]),
        .testTarget(
            name: "InvoicesApplicationTests",
            dependencies: [
                "InvoicesApplication", "InvoicesDomain", "EventSourcing", "EventSourcingTesting", "Pipelines", logging,
                serviceLifecycle,
            ]),
        .testTarget(
            name: "InvoicesInfrastructureTests",
            dependencies: [
                "InvoicesInfrastructure", "InvoicesApplication", "InvoicesDomain", "EventSourcing",
                "EventSourcingPostgres", "LibPQ", "PostgresTesting", logging, nioCore, nioHTTP1, nioPosix,
            ]),
        .testTarget(
            name: "HTTPConventionsTests",
            dependencies: [
                "CZlib", "HTTPConventions", "HTTPTesting", "EventSourcing", httpTypes, hummingbird, logging, nioCore,
                serviceLifecycle,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ]),
        .testTarget(
            name: "InvoicesPresentationTests",
            dependencies: [
                "CZlib", "HTTPConventions", "HTTPTesting", "InvoicesPresentation", "InvoicesApplication",
                "InvoicesDomain", "EventSourcing",
                "EventSourcingTesting",
                httpTypes, hummingbird, logging, nioCore, "Yams",
                .product(name: "HummingbirdTesting", package: "hummingbird"),
            ],
            resources: [.copy("Notifications/Fixtures")]),
        .testTarget(
            name: "InvoicesServerTests",
            dependencies: [
                "InvoicesServer", "InvoicesApplication", "InvoicesDomain", "BullMQ", "EventSourcing",
                "EventSourcingBullMQ", "EventSourcingPostgres", "EmbeddedPostgres", "HTTPTesting", "LibPQ",
                "PostgresTesting", "RedisTesting", "SMTPTesting", "WebhookTesting", asyncHTTPClient, configuration,
                httpTypes, hummingbird, logging, nioCore, nioHTTP1, serviceLifecycle, subprocess, systemPackage,
            ],
            resources: [.copy("Fixtures")]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
