/// Why a package is not used, in one line without the package's name.
package enum PackageError: Error, Hashable, CustomStringConvertible {
    case archive(ArchiveError)
    case key(KeyError)
    /// Mistakes in `model.yaml`, each with its place.
    case description(String)
    case notFound(String)
    case unsigned
    case badSignatureLine
    case wrongAlgorithm(keyID: String, ring: SignatureAlgorithm, package: SignatureAlgorithm)
    case wrongSignature(keyID: String)
    case unknownSigner(entry: String)
    case notSigned(entry: String)
    case badManifest
    case otherPackage(asked: String, found: String)
    case extraEntry(String)
    case missingEntry(String)
    case changedEntry(String)
    case notCanonical
    case entryTooLarge(String, limit: Int)
    case pickle(entry: String)
    case parameters(String, GzipError)

    package var description: String {
        switch self {
        case .archive(let error): "\(error)"
        case .key(let error): "\(error)"
        case .description(let mistakes): mistakes
        case .notFound(let pattern):
            "there is no package \(pattern); make it with 'martlet package', or see what is there with 'martlet list'"
        case .unsigned:
            "it is not signed; sign it with 'martlet sign', or for development set 'unsigned: allow' in model_packages"
        case .badSignatureLine:
            "MANIFEST.sig is not what 'martlet sign' writes; sign the package anew"
        case .wrongAlgorithm(let id, let ring, let package):
            "the signature says \(package.rawValue), and the key ring has key '\(id)' for \(ring.rawValue);"
                + " sign the package anew"
        case .wrongSignature(let id):
            "the signature is not key '\(id)''s for this manifest: one of the two was changed, or another key has the"
                + " same id; don't use the package, fetch or sign it anew"
        case .unknownSigner(let entry):
            "no itsdangerous key of the ring signed entry '\(entry)' as it is: it was changed, or its key is missing"
                + " or disabled in 'keys'"
        case .notSigned(let entry):
            "entry '\(entry)' has no signature of itsdangerous; sign its bytes with 'Signer(key).sign(…)'"
        case .badManifest:
            "the manifest is signed and can't be read; sign the package anew with this version of martlet"
        case .otherPackage(let asked, let found):
            "asked for was \(asked), and this is \(found); put the right package in its place"
        case .extraEntry(let entry):
            "entry '\(entry)' is not in the signed manifest; don't use the package, fetch or sign it anew"
        case .missingEntry(let entry):
            "entry '\(entry)' is missing; fetch the package anew, or make it anew with the file"
        case .changedEntry(let entry):
            "entry '\(entry)' is not the one that was signed; don't use the package, fetch or sign it anew"
        case .notCanonical:
            "the archive holds other bytes than its signed content makes; fetch it anew, or sign it anew"
        case .entryTooLarge(let entry, let limit):
            "entry '\(entry)' has more than \(limit) bytes, the most that are read of it"
        case .pickle(let entry):
            "the signature of '\(entry)' is right, but it is a pickle: a program that runs when it is read, so it is"
                + " never read here; export the model to ONNX (skl2onnx.to_onnx) or save it as LightGBM or XGBoost"
                + " text, and package that"
        case .parameters(let entry, let error):
            "entry '\(entry)': \(error)"
        }
    }
}
