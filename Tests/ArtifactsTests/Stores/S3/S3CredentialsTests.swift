import Artifacts
import Cryptography
import TestSupport
import Testing

@Suite("S3 credentials")
struct S3CredentialsTests {
    private func variables(_ values: [String: String]) -> (String) -> String? {
        { values[$0] }
    }

    @Test("come from the environment, with a token or without")
    func environment() throws {
        var values = ["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret"]
        #expect(
            try S3Credentials.environment(variables(values))
                == S3Credentials(accessKey: "AKID", secretKey: Secret("secret")))
        values["AWS_SESSION_TOKEN"] = "token"
        #expect(try S3Credentials.environment(variables(values))?.sessionToken == Secret("token"))
        #expect(try S3Credentials.environment(variables([:])) == nil)
        #expect(try S3Credentials.environment(variables(["AWS_ACCESS_KEY_ID": ""])) == nil)
    }

    @Test(
        "are refused by halves",
        arguments: [
            (["AWS_ACCESS_KEY_ID": "AKID"], "AWS_SECRET_ACCESS_KEY is not set"),
            (["AWS_SECRET_ACCESS_KEY": "hidden"], "AWS_ACCESS_KEY_ID is not set"),
            (["AWS_ACCESS_KEY_ID": "A B", "AWS_SECRET_ACCESS_KEY": "hidden"], "the access key has characters"),
            (["AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "hidden\n"], "the secret key has characters"),
        ])
    func halves(values: [String: String], message: String) {
        let error = #expect(throws: StoreError.self) { try S3Credentials.environment(variables(values)) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        #expect(error?.description.contains("hidden") == false)
    }

    private let file = TemporaryFile(
        """
        # comment
        [other]
        aws_access_key_id = OTHER
        aws_secret_access_key = other-secret
        aws_session_token = other-token

        [default]
        aws_access_key_id=AKID
          AWS_SECRET_ACCESS_KEY =  secret/with=equals

        [half]
        aws_access_key_id = HALF
        """, name: "credentials")

    @Test("come from a profile of a file")
    func profile() throws {
        #expect(
            try S3Credentials.profile(ofFile: file.path)
                == S3Credentials(accessKey: "AKID", secretKey: Secret("secret/with=equals")))
        #expect(
            try S3Credentials.profile("other", ofFile: file.path)
                == S3Credentials(
                    accessKey: "OTHER", secretKey: Secret("other-secret"), sessionToken: Secret("other-token")))
    }

    @Test(
        "that a file does not have are named",
        arguments: [("half", "has not both of"), ("none", "there is no profile 'none'")])
    func missingProfile(profile: String, message: String) {
        let error = #expect(throws: StoreError.self) { try S3Credentials.profile(profile, ofFile: file.path) }
        #expect(error?.description.contains(message) == true)
    }

    @Test("come from files of one value each")
    func files() throws {
        let folder = TemporaryFolder()
        let (key, secret) = (folder.write("access-key", "AKID\n"), folder.write("secret-key", "  secret\r\n"))
        #expect(
            try S3Credentials.files(accessKey: key, secretKey: secret)
                == S3Credentials(accessKey: "AKID", secretKey: Secret("secret")))
        let error = #expect(throws: StoreError.self) {
            try S3Credentials.files(accessKey: key, secretKey: folder.path + "/none")
        }
        #expect(error?.description.contains("/none: No such file") == true)
    }

    @Test("are looked for in the environment, then in the file it names, then in the home folder")
    func standard() throws {
        let home = TemporaryFolder()
        #expect(try S3Credentials.standard(variables(["HOME": home.path])) == nil)
        home.write(".aws/credentials", "[default]\naws_access_key_id=HOME\naws_secret_access_key=s\n")
        #expect(try S3Credentials.standard(variables(["HOME": home.path]))?.accessKey == "HOME")
        var values = ["HOME": home.path, "AWS_SHARED_CREDENTIALS_FILE": file.path, "AWS_PROFILE": "other"]
        #expect(try S3Credentials.standard(variables(values))?.accessKey == "OTHER")
        values["AWS_ACCESS_KEY_ID"] = "ENV"
        values["AWS_SECRET_ACCESS_KEY"] = "s"
        #expect(try S3Credentials.standard(variables(values))?.accessKey == "ENV")
        // What is named has to be there.
        #expect(throws: StoreError.self) {
            try S3Credentials.standard(variables(["AWS_SHARED_CREDENTIALS_FILE": "/no/such/file"]))
        }
    }

    @Test("are not shown")
    func notShown() throws {
        let credentials = try S3Credentials(
            accessKey: "AKID", secretKey: Secret("hidden"), sessionToken: Secret("hidden"))
        var text = ""
        dump(credentials, to: &text)
        #expect(!text.contains("hidden") && !"\(credentials)".contains("hidden"))
    }
}
