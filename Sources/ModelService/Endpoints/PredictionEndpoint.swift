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
            return response.fail(.unsupportedMediaType(
                "The body has a content-encoding; send it without one."))
        }
        do {
            guard request.body.isEmpty || request.hasJSONContent else {
                // The reference reads a body of another type as text, which is no object.
                throw InputError(issues: [.modelAttributesType])
            }
            try predictor.predict(request.body, into: &response.body)
            response.contentType = "application/json"
        } catch let error as InputError {
            response.fail(HTTPError(.badRequest, type: "ValidationError", messages: error.messages))
        } catch let error as SchemaValidationError {
            response.fail(HTTPError(.badRequest, type: "SchemaValidationError", messages: error.messages))
        } catch {
            response.fail(HTTPError(.internalServerError, type: "ServiceError", messages: ["\(error)"]))
        }
    }
}
