import Testing
@testable import GeoKit
