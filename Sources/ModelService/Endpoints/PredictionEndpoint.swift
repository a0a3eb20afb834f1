import HTTPServer
import Modeling

/// `POST /api/models/{model_qualified_name}/prediction` of one model, on one loop.
final class PredictionEndpoint {
    private let predictor: RecordPredictor

    init(_ model: PredictableModel) {
        predictor = RecordPredictor(model)
    }

    /// Answers a request whose body is one record of the model's input schema.
    func answer(_ request: borrowing Request, _ response: inout Response) {
        if let coding = request.field("content-encoding"), !coding.equals("identity") {
            return response.fail(
                HTTPError(
                    .unsupportedMediaType, type: "UnsupportedMediaType",
                    "The body has a content-encoding; send it without one."))
        }
        do {
            guard request.body.isEmpty || request.hasJSONContent else {
                // The reference reads a body of another type as text, which is no object.
                throw predictor.notAnObject
            }
            try predictor.predict(request.body, into: &response.body)
            response.contentType = "application/json"
        } catch let error as InputError {
            response.fail(.badRequest, type: "ValidationError", messages: error.messages)
        } catch let error as SchemaValidationError {
            response.fail(.badRequest, type: "SchemaValidationError", messages: error.messages)
        } catch {
            response.fail(.internalServerError, type: "ServiceError", messages: ["\(error)"])
        }
    }
}

extension Request {
    /// Whether the body says that it is JSON: `application/json` or `application/*+json`, with any parameters, as
    /// FastAPI takes it.
    fileprivate var hasJSONContent: Bool {
        guard let field = field("content-type") else { return false }
        var end = 0
        while end < field.count, field[end] != UInt8(ascii: ";"), field[end] != UInt8(ascii: " ") { end += 1 }
        let type = field.extracting(0..<end)
        if type.equals("application/json") { return true }
        return type.hasPrefix("application/") && type.hasSuffix("+json")
    }
}

extension Span<UInt8> {
    /// Whether this is `text`, which is in lower case, whatever the case of the letters here.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasPrefix(text)
    }

    /// Whether this begins with `text`, which is in lower case, whatever the case of the letters here.
    func hasPrefix(_ text: StaticString) -> Bool {
        matches(text, at: 0)
    }

    /// Whether this ends with `text`, which is in lower case, whatever the case of the letters here.
    func hasSuffix(_ text: StaticString) -> Bool {
        matches(text, at: count - text.utf8CodeUnitCount)
    }

    private func matches(_ text: StaticString, at start: Int) -> Bool {
        guard start >= 0, start + text.utf8CodeUnitCount <= count else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            // `index` is within the literal, whose storage is immortal.
            let expected = text.utf8Start[index]
            let byte = self[start + index]
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard (isCapital ? byte | 0x20 : byte) == expected else { return false }
        }
        return true
    }
}
