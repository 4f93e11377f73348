// swift-tools-version: 6.2
// One package for the whole repository: targets in dependency order, one shared set of strict settings.
// A product compiles only what it needs, so `ops-console` and, later, `client-portal` deploy apart.

import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Strict, and taken apart by whoever uses it: a page calls these modules for each of its elements.
let inlined: [SwiftSetting] =
  strict + [.unsafeFlags(["-cross-module-optimization"], .when(configuration: .release))]

/// Relative relocations packed [glibc 2.36, DT_RELR]: a megabyte and a half less to read and to keep.
let packedRelocations: [LinkerSetting] = [
  .unsafeFlags(["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"], .when(platforms: [.linux]))
]

let package = Package(
  name: "ethico-operations",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "ops-console", targets: ["ops-console"]),
    .executable(name: "ops-print", targets: ["ops-print"]),
  ],
  dependencies: [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    .target(name: "EthicoTypes", path: "packages/types/Sources", swiftSettings: inlined),
    .target(name: "Markup", path: "packages/markup/Sources", swiftSettings: inlined),
    .systemLibrary(
      name: "CUnistring", path: "packages/text/CUnistring", providers: [.apt(["libunistring-dev"])]),
    .target(
      name: "Normalization", dependencies: ["CUnistring"], path: "packages/text/Sources", swiftSettings: strict),
    .systemLibrary(
      name: "CPostgres", path: "packages/postgres/CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .target(
      name: "Postgres",
      dependencies: [
        "CPostgres", "EthicoTypes",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "packages/postgres/Sources", swiftSettings: strict),
    .target(
      name: "Access",
      dependencies: [
        "Postgres", "EthicoTypes",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "packages/access/Sources", swiftSettings: strict),
    .target(
      name: "Errors",
      dependencies: ["Access", "Postgres", "EthicoTypes", .product(name: "Crypto", package: "swift-crypto")],
      path: "packages/errors/Sources", swiftSettings: strict),
    .target(
      name: "Flags",
      dependencies: ["Access", "Postgres", "EthicoTypes", .product(name: "Crypto", package: "swift-crypto")],
      path: "packages/flags/Sources", swiftSettings: strict),
    .target(
      name: "Jobs",
      dependencies: [
        "Errors", "Access", "Postgres", "EthicoTypes",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "packages/jobs/Sources", swiftSettings: strict),
    .systemLibrary(name: "CZlib", path: "packages/web/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CCurl", path: "packages/web/CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .target(
      name: "Mail",
      dependencies: ["Jobs", "Access", "EthicoTypes", "CCurl", .product(name: "NIOPosix", package: "swift-nio")],
      path: "packages/mail/Sources", swiftSettings: strict),
    .target(
      name: "Web",
      dependencies: [
        "Errors", "Access", "Markup", "Postgres", "EthicoTypes", "CZlib", "CCurl",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "packages/web/Sources", swiftSettings: inlined),
    .target(
      name: "CMappingData", path: "packages/mapping/Data",
      exclude: ["words.txt", "lexicon.txt", "vendors.txt", "model.json"]),
    // The engine is arithmetic, and its tests train it: it is optimised in debug builds too.
    .target(
      name: "Mapping",
      dependencies: [
        "CMappingData", "Normalization", "EthicoTypes", .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "packages/mapping/Sources",
      swiftSettings: strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    .target(
      name: "Workspace",
      dependencies: [
        "Mapping", "Flags", "Jobs", "Web", "Access", "Markup", "Postgres", "EthicoTypes",
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      path: "packages/workspace/Sources", swiftSettings: strict),
    .target(
      name: "Demo",
      dependencies: ["Workspace", "Normalization", "Jobs", "Errors", "Flags", "Access", "Postgres", "EthicoTypes"],
      path: "packages/demo/Sources", swiftSettings: strict),
    .systemLibrary(
      name: "CExpat", path: "packages/migration/CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(
      name: "CUchardet", path: "packages/migration/CUchardet", pkgConfig: "uchardet",
      providers: [.apt(["libuchardet-dev"])]),
    .systemLibrary(name: "CIconv", path: "packages/migration/CIconv"),
    .systemLibrary(
      name: "CXlsxWriter", path: "packages/migration/CXlsxWriter", pkgConfig: "xlsxwriter",
      providers: [.apt(["libxlsxwriter-dev"])]),
    .target(
      name: "SourceFiles",
      dependencies: ["Mapping", "EthicoTypes", "CZlib", "CExpat", "CUchardet", "CIconv", "CXlsxWriter"],
      path: "packages/migration/Source", swiftSettings: strict),
    .target(
      name: "Migration",
      dependencies: [
        "SourceFiles", "Mapping", "Normalization", "Jobs", "Flags", "Access", "Postgres", "EthicoTypes",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      path: "packages/migration/Sources", swiftSettings: strict),
    .target(
      name: "Print",
      dependencies: [
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "packages/print/Sources", swiftSettings: strict),
    .systemLibrary(
      name: "CPango", path: "packages/print/CPango", pkgConfig: "pangocairo",
      providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),
    .target(
      name: "Typesetting", dependencies: ["Print", "CPango"], path: "packages/print/Typesetting",
      swiftSettings: strict),
    .target(
      name: "OpsConsole",
      dependencies: [
        "Migration", "SourceFiles", "Mapping", "Print", "Workspace", "Mail", "Jobs", "Errors", "Flags", "Web",
        "Access", "Markup", "EthicoTypes",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "apps/ops-console/Sources/OpsConsole", swiftSettings: strict),
    .executableTarget(
      name: "ops-console",
      dependencies: [
        "OpsConsole", "Demo", "SourceFiles", "Mapping", "Mail", "Jobs", "Web", "Access", "Postgres", "EthicoTypes",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "apps/ops-console/Sources/ops-console", swiftSettings: strict, linkerSettings: packedRelocations),
    // Sets documents on paper, in a process of its own: the console carries no libraries that draw.
    .executableTarget(
      name: "ops-print", dependencies: ["Print", "Typesetting"], path: "apps/ops-print/Sources",
      swiftSettings: strict),
    .target(
      name: "TestSupport",
      dependencies: [
        "Demo", "OpsConsole", "Print", "Web", "Access", "Postgres", "EthicoTypes",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "packages/test-support/Sources", swiftSettings: strict),
    .testTarget(
      name: "NormalizationTests", dependencies: ["Normalization", "EthicoTypes"], path: "packages/text/Tests",
      swiftSettings: strict),
    .testTarget(name: "MarkupTests", dependencies: ["Markup"], path: "packages/markup/Tests", swiftSettings: strict),
    .testTarget(
      name: "PostgresTests",
      dependencies: ["Postgres", "EthicoTypes", .product(name: "Logging", package: "swift-log")],
      path: "packages/postgres/Tests", swiftSettings: strict),
    .testTarget(
      name: "AccessTests", dependencies: ["Access", "Postgres", "EthicoTypes", "TestSupport"],
      path: "packages/access/Tests", swiftSettings: strict),
    .testTarget(
      name: "DemoTests", dependencies: ["Demo", "Access", "Postgres", "EthicoTypes", "TestSupport"],
      path: "packages/demo/Tests", swiftSettings: strict),
    .testTarget(
      name: "JobsTests",
      dependencies: [
        "Jobs", "Access", "Postgres", "EthicoTypes", "TestSupport", .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      path: "packages/jobs/Tests", swiftSettings: strict),
    .testTarget(
      name: "ErrorsTests", dependencies: ["Errors", "Access", "Postgres", "EthicoTypes", "TestSupport"],
      path: "packages/errors/Tests", swiftSettings: strict),
    .testTarget(
      name: "MailTests",
      dependencies: [
        "Mail", "Jobs", "Access", "Postgres", "EthicoTypes", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "packages/mail/Tests", swiftSettings: strict),
    .testTarget(
      name: "WebTests",
      dependencies: [
        "Web", "Access", "Markup", "Postgres", "EthicoTypes",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ],
      path: "packages/web/Tests", swiftSettings: strict),
    .testTarget(
      name: "MappingTests", dependencies: ["Mapping", "EthicoTypes"], path: "packages/mapping/Tests",
      swiftSettings: strict),
    .testTarget(
      name: "SourceFilesTests", dependencies: ["SourceFiles", "Mapping", "EthicoTypes", "CIconv", "CZlib"],
      path: "packages/migration/SourceTests", swiftSettings: strict),
    .testTarget(
      name: "MigrationTests",
      dependencies: [
        "Migration", "SourceFiles", "Mapping", "Jobs", "Access", "Postgres", "EthicoTypes", "TestSupport",
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "packages/migration/Tests", swiftSettings: strict),
    .testTarget(
      name: "PrintTests",
      dependencies: [
        "Print", "TestSupport",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "SystemPackage", package: "swift-system"),
      ],
      path: "packages/print/Tests", swiftSettings: strict),
    .testTarget(
      name: "OpsConsoleTests",
      dependencies: [
        "OpsConsole", "Migration", "SourceFiles", "Mapping", "Print", "Workspace", "Mail", "Jobs", "Errors", "Flags",
        "Web", "Access", "Postgres", "EthicoTypes", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ],
      path: "apps/ops-console/Tests/OpsConsoleTests", swiftSettings: strict),
    .testTarget(name: "TidyTests", dependencies: ["TestSupport"], path: "packages/tidy/Tests", swiftSettings: strict),
  ]
)
