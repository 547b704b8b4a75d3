class Uses {
    void use() {
        // ruleid: jenkins-instance-may-be-null
        Jenkins.getInstance().getDescriptor("git");
        // ruleid: jenkins-instance-may-be-null
        Jenkins jenkins = Jenkins.getInstance();
        // ok: jenkins-instance-may-be-null
        Jenkins.get().getDescriptor("git");
        // ok: jenkins-instance-may-be-null
        Jenkins maybe = Jenkins.getInstanceOrNull();
        // ok: jenkins-instance-may-be-null
        MessageDigest.getInstance("SHA-256");
    }
}
