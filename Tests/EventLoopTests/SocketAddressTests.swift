import Testing

@testable import EventLoop

@Suite struct SocketAddressTests {
    @Test(
        "an address is read and written",
        arguments: [
            ("127.0.0.1:8000", SocketAddress.internet(host: "127.0.0.1", port: 8000), "127.0.0.1:8000"),
            ("localhost:0", .internet(host: "localhost", port: 0), "localhost:0"),
            ("[::1]:80", .internet(host: "::1", port: 80), "[::1]:80"),
            (":8000", .internet(host: "0.0.0.0", port: 8000), "0.0.0.0:8000"),
            ("unix:/run/martlet.sock", .unix(path: "/run/martlet.sock"), "unix:/run/martlet.sock"),
        ])
    func valid(text: String, address: SocketAddress, description: String) {
        #expect(SocketAddress(text) == address)
        #expect(address.description == description)
    }

    @Test(
        "what is no address is refused",
        arguments: ["", "8000", "localhost", "host:", "host:65536", "host:-1", "::1:80", "[::1]", "[]:80", "unix:"])
    func invalid(text: String) {
        #expect(SocketAddress(text) == nil)
    }
}
