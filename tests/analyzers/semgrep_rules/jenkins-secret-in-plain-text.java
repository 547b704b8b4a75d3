class Server extends AbstractDescribableImpl<Server> {
    private final String url;
    // ruleid: jenkins-secret-in-plain-text
    private final String password;
    // ruleid: jenkins-secret-in-plain-text
    private String apiToken;
    // ok: jenkins-secret-in-plain-text
    private Secret passphrase;
    // ok: jenkins-secret-in-plain-text
    private String passwordHint;

    @DataBoundConstructor
    public Server(String url, String password) {
        this.url = url;
        this.password = password;
    }

    void connect(String given) {
        // ok: jenkins-secret-in-plain-text
        String password = given;
        login(password);
    }
}

class Login {
    // ok: jenkins-secret-in-plain-text
    private String password;
}
