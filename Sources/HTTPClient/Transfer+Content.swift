internal import CCurl

extension Transfer {
    /// A line of the head or of the trailer; `false` to stop.
    func receiveHead(_ line: UnsafeRawBufferPointer) -> Bool {
        touch()
        head.append(line)
        guard head.byteCount > maximumHeadBytes else { return true }
        refusal = .headTooLarge(host: host, limit: maximumHeadBytes)
        return false
    }

    /// A piece of the content; `false` to stop.
    func receiveBody(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard let easy, !piece.isEmpty else { return true }
        touch()
        let isSuccess = (200..<300).contains(easy.long(CURLINFO_RESPONSE_CODE))
        let limit = isSuccess ? maximumBodyBytes : maximumErrorBytes
        // -1 without Content-Length.
        let expected = easy.offset(CURLINFO_CONTENT_LENGTH_DOWNLOAD_T)
        guard max(expected, bodyCount + piece.count) <= limit else {
            refusal = .bodyTooLarge(host: host, limit: limit)
            return false
        }
        if isSuccess, let sink = request.sink {
            do {
                if bodyCount == 0 { try request.willReceive?(expected < 0 ? nil : expected) }
                try sink(RawSpan(_unsafeBytes: piece))
            } catch {
                refusal = .contentFailed(host: host, error)
                return false
            }
        } else {
            if body.isEmpty, expected > piece.count { body.reserveCapacity(expected) }
            body.append(contentsOf: piece)
        }
        bodyCount += piece.count
        if isSuccess, let progress = request.receiveProgress { progress(bodyCount, expected < 0 ? nil : expected) }
        return true
    }

    /// The next piece of the request's content; `nil` to stop.
    func readContent(into room: UnsafeMutableRawBufferPointer) -> Int? {
        touch()
        let total = request.body.byteCount
        let piece = UnsafeMutableRawBufferPointer(rebasing: room[..<min(room.count, total - sentCount)])
        guard !piece.isEmpty else { return 0 }
        var count = piece.count
        switch request.body {
        case .none: return 0
        case .bytes(let bytes):
            bytes.withUnsafeBytes { piece.copyMemory(from: .init(rebasing: $0[sentCount..<sentCount + count])) }
        case .stream(_, let read):
            do {
                count = try read(sentCount, piece)
            } catch {
                refusal = .contentFailed(host: host, error)
                return nil
            }
            guard (1...piece.count).contains(count) else {
                refusal = .invalidRequest(
                    host: host, reason: "the content ends after \(sentCount) bytes instead of \(total)")
                return nil
            }
        }
        sentCount += count
        request.sendProgress?(sentCount, total)
        return count
    }
}
