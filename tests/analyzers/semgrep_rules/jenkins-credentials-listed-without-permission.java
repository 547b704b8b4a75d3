class One extends Descriptor<Thing> {
    // ruleid: jenkins-credentials-listed-without-permission
    public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item) {
        return new StandardListBoxModel().includeAs(ACL.SYSTEM, item, StandardCredentials.class);
    }

    // ruleid: jenkins-credentials-listed-without-permission
    public ListBoxModel doFillSshCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String url) {
        StandardListBoxModel found = new StandardListBoxModel();
        found.includeEmptyValue();
        return found;
    }
}

class Two extends Descriptor<Thing> {
    // ok: jenkins-credentials-listed-without-permission
    public ListBoxModel doFillCredentialsIdItems(@AncestorInPath Item item, @QueryParameter String value) {
        StandardListBoxModel found = new StandardListBoxModel();
        if (item == null && !Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            return found.includeCurrentValue(value);
        }
        return found.includeAs(ACL.SYSTEM, item, StandardCredentials.class);
    }

    // ok: jenkins-credentials-listed-without-permission
    public ListBoxModel doFillTokenCredentialsIdItems(@AncestorInPath Item item) {
        item.checkPermission(Item.CONFIGURE);
        return new StandardListBoxModel();
    }

    // ok: jenkins-credentials-listed-without-permission
    public ListBoxModel doFillBranchItems() {
        return new ListBoxModel();
    }
}
