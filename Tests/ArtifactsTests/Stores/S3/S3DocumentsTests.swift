import Testing

@testable import Artifacts

@Suite("The XML of S3 stores")
struct S3DocumentsTests {
    private func events(_ text: String) throws -> [XMLReader.Event] {
        var reader = XMLReader(Array(text.utf8))
        var events: [XMLReader.Event] = []
        while let event = try reader.next() { events.append(event) }
        return events
    }

    @Test("is read as elements and texts")
    func elements() throws {
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a x='1' y=\"2>\"><b>1 &lt;&amp;&#65;&#x42;</b><c/></a >\n"
        #expect(
            try events(text) == [
                .start("a"), .start("b"), .text("1 <&AB"), .end("b"), .start("c"), .end("c"), .end("a"),
            ])
    }

    @Test(
        "is refused when it is malformed, or has what only attacks have",
        arguments: [
            "", " ", "text", "<a>", "<a></b>", "<a></a><b/>", "<a></a>x", "<a", "<a/", "< a/>", "</a>", "<a b></a>",
            "<a b=1></a>", "<a b=\"1></a>", "<a>&none;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&amp</a>",
            "<a>&#+1;</a>", "<a>&#x;</a>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a><!-- x --></a>",
            "<a><![CDATA[x]]></a>", "<?xml version='1.0'", "<a><?php?></a>", String(repeating: "<a>", count: 17),
        ])
    func malformed(text: String) {
        #expect(throws: XMLReader.Malformed.self) { try events(text) }
    }

    @Test("never crashes, whichever byte of it is changed or missing")
    func mutations() throws {
        let bytes = Array(page(token: "t").utf8)
        for index in bytes.indices {
            _ = try? S3Listing(Array(bytes[..<index]))
            for value in [0, 0x26, 0x3B, 0x3C, 0x3E, 0x2F, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = value
                _ = try? S3Listing(changed)
                _ = S3Explanation(changed)
            }
        }
    }

    private func page(token: String?) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>models</Name><Prefix/>
        <IsTruncated>\(token != nil)</IsTruncated>\(token.map { "<NextContinuationToken>\($0)</NextContinuationToken>" } ?? "")
        <Contents><Key>a&amp;b</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>
        <ETag>&quot;fba9&quot;</ETag><Size>434234</Size><Owner><ID>x</ID><Key>y</Key></Owner></Contents>
        <Contents><Key>c</Key><Size>0</Size></Contents></ListBucketResult>
        """
    }

    @Test("lists objects and says how the list goes on")
    func listing() throws {
        var listing = try S3Listing(Array(page(token: "next").utf8))
        #expect(
            listing.objects == [
                StoredObject(name: "a&b", byteCount: 434234, entityTag: "\"fba9\"", modified: 1_255_369_830),
                StoredObject(name: "c", byteCount: 0, entityTag: nil),
            ])
        #expect(listing.continuationToken == "next")
        listing = try S3Listing(Array(page(token: nil).utf8))
        #expect(listing.continuationToken == nil)
    }

    @Test(
        "is no list when it lacks what a list has",
        arguments: [
            "<html/>", "<ListBucketResult/>",
            "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key></Contents></ListBucketResult>",
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Size>1</Size></Contents></ListBucketResult>",
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>-1</Size></Contents></ListBucketResult>",
        ])
    func noListing(text: String) {
        #expect(throws: (any Error).self) { try S3Listing(Array(text.utf8)) }
    }

    @Test("explains an error, as far as it can be trusted")
    func explanation() {
        var explanation = S3Explanation(
            Array(
                "<Error><Code>NoSuchKey</Code><Message>line\u{1B}[31m\none</Message><Region>eu-west-1</Region></Error>"
                    .utf8))
        #expect(explanation.code == "NoSuchKey")
        #expect(explanation.message == "line?[31m?one")
        #expect(explanation.region == "eu-west-1")
        explanation = S3Explanation(
            Array("<Error><Code>a b\n</Code><Message>\(String(repeating: "x", count: 300))".utf8))
        #expect(explanation.code == nil && explanation.message == nil)
        let long = "<Error><Message>\(String(repeating: "x", count: 300))</Message></Error>"
        #expect(S3Explanation(Array(long.utf8)).message?.count == 200)
        #expect(S3Explanation(Array("<html><Code>x</Code></html>".utf8)).code == nil)
    }

    @Test("writes times in two ways")
    func times() {
        #expect(S3Time.seconds(ofField: "Mon, 12 Oct 2009 17:50:30 GMT") == 1_255_369_830)
        #expect(S3Time.seconds(ofISO: "2009-10-12T17:50:30Z") == 1_255_369_830)
        for text in ["", "yesterday", "2009-13-12T17:50:30Z", "2009-10-12", "Mon, 12 Xxx 2009 17:50:30 GMT"] {
            #expect(S3Time.seconds(ofISO: text) == nil)
            #expect(S3Time.seconds(ofField: text) == nil)
        }
    }
}
