import EventLoop
import Modeling

/// A model that is asked on threads of its own, so that no event loop waits while it computes.
///
/// Around the model and the decorators that can't wait, and inside those that can, which stay on the loop: what a cache
/// knows needs no thread.
final class PooledModel: AsyncModelDecorator {
    let model: any Model
    let inputSchema: ObjectSchema
    let outputSchema: Schema
    let pool: WorkerPool

    init(_ model: any Model, on pool: WorkerPool) {
        self.model = model
        self.pool = pool
        inputSchema = model.inputSchema
        outputSchema = model.outputSchema
    }

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        // Of its own: the thread may still be at it when the task has gone on without it.
        let inner = PredictionContext(copying: context)
        let start = Moment.now
        // The wait for a thread is no work of the decorators around.
        defer { context.innerNanoseconds += Moment.now.nanoseconds - start.nanoseconds }
        do {
            let output = try await pool.run(before: context.deadline) { [model, shape = outputSchema.objects[0]] in
                var output = Record(shape)
                try model.predict(input, into: &output, in: inner)
                return output
            }
            context.predictionID = inner.predictionID
            return output
        } catch let refusal as PoolRefusal {
            throw refusal == .full ? UnavailableError.overloaded : .deadlineExceeded
        }
    }
}
