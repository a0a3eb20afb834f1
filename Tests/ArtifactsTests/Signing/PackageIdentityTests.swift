import Artifacts
import Testing

@Suite("The name of a package's file")
struct PackageIdentityTests {
    @Test("is read and written alike")
    func roundTrip() throws {
        let name = "iris_model-1.0.0-2026_11_21.zip"
        let identity = try #require(PackageIdentity(fileName: name))
        #expect(
            identity == PackageIdentity(qualifiedName: "iris_model", version: "1.0.0", parametersVersion: "2026_11_21"))
        #expect(identity.fileName == name)
    }

    @Test(
        "has three parts of a version's characters",
        arguments: [
            "iris.zip", "iris-1.zip", "iris-1-2-3.zip", "iris-1-.zip", "-1-2.zip", "iris-1-a b.zip", "iris-1-2.tar",
            "iris-..-2.zip",
        ])
    func refused(name: String) {
        #expect(PackageIdentity(fileName: name) == nil)
    }

    @Test("orders packages from old to new, numbers as numbers")
    func order() throws {
        let names = [
            "m-0.9.1-9", "m-0.10.0-1", "m-0.10.0-2026_9_30", "m-0.10.0-2026_11_02", "m-1.0-a", "m-1.0-b", "m-1.0.1-a",
        ]
        let identities = names.compactMap { PackageIdentity(fileName: $0 + ".zip") }
        #expect(identities.count == names.count)
        #expect(identities.reversed().sorted() == identities)
        for (index, identity) in identities.enumerated() {
            for other in identities[index...] { #expect(!(other < identity)) }
        }
    }
}
