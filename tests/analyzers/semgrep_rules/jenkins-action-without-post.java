class Actions {
    // ruleid: jenkins-action-without-post
    public void doSubmit(StaplerRequest req, StaplerResponse rsp) throws IOException {
        save(req);
    }

    // ruleid: jenkins-action-without-post
    public HttpResponse doDeleteTag(StaplerRequest2 req, StaplerResponse2 rsp) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return delete(req);
    }

    @RequirePOST
    // ok: jenkins-action-without-post
    public void doConfigSubmit(StaplerRequest req, StaplerResponse rsp) throws IOException {
        save(req);
    }

    // ok: jenkins-action-without-post
    public void doStart(StaplerRequest req, StaplerResponse rsp) throws IOException {
        requirePOST();
        start();
    }

    // ok: jenkins-action-without-post
    public void doIndex(StaplerRequest req, StaplerResponse rsp) throws IOException {
        rsp.forward(this, "index", req);
    }

    // ok: jenkins-action-without-post
    void doDelete(String name) {
        delete(name);
    }
}
