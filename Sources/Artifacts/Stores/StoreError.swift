internal import Glibc
package import HTTPClient

/// Why a store did not do what it was asked for.
///
/// Every message is one line that names the object, what was found, and what to do.
package enum StoreError: Error {
    /// The store's settings make no sense.
    case invalidSettings(location: String, reason: String)
    /// The name can't be an object's.
    case invalidName(location: String, name: String, reason: String)
    /// No credentials, or half of them, where the settings say that they are.
    case invalidCredentials(place: String, reason: String)

    case notFound(object: String)
    case noSuchBucket(object: String, bucket: String)
    /// The credentials are good but may not do this.
    case accessDenied(object: String)
    /// The store does not know the access key, or computes another signature.
    case credentialsRefused(object: String, code: String)
    /// The store's clock and this machine's differ too much.
    case clockSkewed(object: String)
    case wrongRegion(object: String, used: String, expected: String?)
    /// What arrived at the store is not what was signed.
    case contentAltered(object: String)
    case tooLarge(object: String, limit: Int)
    /// Any other status that is the request's fault.
    case refused(object: String, status: Int, code: String?, message: String?)
    /// The answer is not one of S3's.
    case notUnderstood(object: String, reason: String)
    case tooManyObjects(location: String, limit: Int)

    /// The store answered that it can't, as often as it was asked.
    case failing(object: String, status: Int, code: String?, attempts: Int)
    /// No complete answer, as often as it was asked.
    case unreachable(object: String, HTTPClientError, attempts: Int)
    /// The request failed in a way that trying again does not mend.
    case failed(object: String, HTTPClientError)

    /// A system call of a store in a folder, or on a file that is to be stored.
    case fileFailed(path: String, operation: String, errno: Int32)
    case notAFile(path: String)
    /// The sink took no more; the error is its own.
    case sinkFailed(object: String, any Error)
    case cancelled(object: String)

    /// Whether the store may have the object and could not be asked: it did not answer, or said that it is in
    /// trouble.
    ///
    /// Everything else is a definite answer.
    package var isUnavailable: Bool {
        switch self {
        case .failing, .unreachable: true
        case .failed(_, .nameNotFound): true
        default: false
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidSettings(let location, let reason): "\(location): \(reason)"
        case .invalidName(let location, let name, let reason):
            "\(location): '\(printable(name, limit: 200))' can't be the name of an object: \(reason)"
        case .invalidCredentials(let place, let reason): "\(place): \(reason)"
        case .notFound(let object): "\(object): there is no such object; check its name and the bucket or folder"
        case .noSuchBucket(let object, let bucket):
            "\(object): there is no bucket '\(bucket)'; make it or check its name"
        case .accessDenied(let object):
            "\(object): access denied (403); let the access key's policy read, write and list here"
        case .credentialsRefused(let object, let code):
            "\(object): the credentials are refused (\(code)); check access key, secret key and session token"
        case .clockSkewed(let object):
            "\(object): the store refuses this machine's time (RequestTimeTooSkewed); set its clock"
        case .wrongRegion(let object, let used, let expected):
            "\(object): the bucket is not in the region '\(used)'; "
                + (expected.map { "set the region to '\($0)'" } ?? "set the region and the endpoint to the bucket's")
        case .contentAltered(let object):
            "\(object): what arrived is not what was sent (its digest differs); "
                + "do not change the file meanwhile, and check what stands between"
        case .tooLarge(let object, let limit):
            "\(object): the object has more than \(limit) bytes, the most that are taken"
        case .refused(let object, let status, let code, let message):
            "\(object): the store refuses the request (\(explained(status, code)))"
                + (message.map { ", saying: \($0)" } ?? "; check endpoint, bucket and name")
        case .notUnderstood(let object, let reason):
            "\(object): the answer is not an S3 store's: \(reason); check the endpoint"
        case .tooManyObjects(let location, let limit):
            "\(location): more than \(limit) objects, the most that are listed; list with a longer prefix"
        case .failing(let object, let status, let code, let attempts):
            "\(object): the store is failing (\(explained(status, code)), \(counted(attempts))); look at its log"
        case .unreachable(let object, let error, let attempts): "\(object): \(error) (\(counted(attempts)))"
        case .failed(let object, let error): "\(object): \(error)"
        case .fileFailed(let path, let operation, let code):
            code == ENOSPC || code == EDQUOT
                ? "\(path): cannot \(operation): the disk is full; make room and try again"
                : "\(path): cannot \(operation): \(String(cString: strerror(code)))"
        case .notAFile(let path): "\(path): this is not a regular file"
        case .sinkFailed(let object, let error): "\(object): the content could not be taken: \(error)"
        case .cancelled(let object): "\(object): the transfer was cancelled"
        }
    }

    private func explained(_ status: Int, _ code: String?) -> String {
        code.map { "\(status) \($0)" } ?? "\(status)"
    }

    private func counted(_ attempts: Int) -> String {
        attempts == 1 ? "1 attempt" : "\(attempts) attempts"
    }
}

/// Foreign text for a message: its beginning, without what a terminal would obey.
func printable(_ text: String, limit: Int) -> String {
    let scalars = text.unicodeScalars.prefix(limit).map { scalar -> Unicode.Scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: "?"
        default: scalar
        }
    }
    return String(String.UnicodeScalarView(scalars))
}
