class Queries {
    void run(Statement statement, Connection connection, String name) throws SQLException {
        // ruleid: java-query-from-text
        statement.executeQuery("select * from users where name = '" + name + "'");
        // ruleid: java-query-from-text
        statement.executeUpdate(String.format("delete from users where name = '%s'", name));
        // ruleid: java-query-from-text
        connection.prepareStatement("select * from " + name);
        // ok: java-query-from-text
        statement.executeQuery("select * from users");
        // ok: java-query-from-text
        statement.executeQuery("select * " + "from users");
        // ok: java-query-from-text
        connection.prepareStatement("select * from users where name = ?");
    }
}
