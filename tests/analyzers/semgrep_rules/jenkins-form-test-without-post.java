class Forms extends Descriptor<Thing> {
    // ruleid: jenkins-form-test-without-post
    public FormValidation doTestConnection(@QueryParameter String url) {
        return connect(url);
    }

    // ruleid: jenkins-form-test-without-post
    public FormValidation doValidateServer(@QueryParameter String url, @QueryParameter String credentialsId) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return connect(url);
    }

    // ok: jenkins-form-test-without-post
    @POST
    // ok: jenkins-form-test-without-post
    public FormValidation doTestLogin(@QueryParameter String url) {
        return connect(url);
    }

    @RequirePOST
    @Restricted(NoExternalUse.class)
    // ok: jenkins-form-test-without-post
    public FormValidation doVerifyToken(@QueryParameter String token) {
        return connect(token);
    }

    // ok: jenkins-form-test-without-post
    public FormValidation doCheckName(@QueryParameter String value) {
        return FormValidation.ok();
    }
}
