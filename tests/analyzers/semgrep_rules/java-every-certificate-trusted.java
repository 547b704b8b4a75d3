class TrustAll implements X509TrustManager {
    public void checkClientTrusted(X509Certificate[] chain, String kind) { }

    // ruleid: java-every-certificate-trusted
    public void checkServerTrusted(X509Certificate[] chain, String kind) { }
}

class TrustAllToo implements X509TrustManager {
    // ruleid: java-every-certificate-trusted
    @Override public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException { }
}

class AnyHost implements HostnameVerifier {
    // ruleid: java-every-certificate-trusted
    public boolean verify(String host, SSLSession session) { return true; }
}

class Own implements X509TrustManager {
    // ok: java-every-certificate-trusted
    public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        delegate.checkServerTrusted(chain, kind);
    }

    void connect(HttpsURLConnection connection) {
        // ruleid: java-every-certificate-trusted
        connection.setHostnameVerifier((host, session) -> true);
        // ok: java-every-certificate-trusted
        connection.setHostnameVerifier((host, session) -> host.equals(expected));
        // ok: java-every-certificate-trusted
        connection.setDoOutput(true);
    }
}
