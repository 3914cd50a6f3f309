using L4Lb.K8s.Config;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Config;

public sealed class KubeConfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_kubeconfig_as_clusters_hand_it_out_is_understood()
    {
        var file = _folder.Write("k.conf", $"""
            apiVersion: v1
            kind: Config
            preferences: {"{}"}
            clusters:
            - name: kubernetes
              cluster:
                certificate-authority-data: {Base64("-----BEGIN CERTIFICATE-----")}
                server: https://10.0.0.1:6443
            contexts:
            - name: admin@kubernetes
              context:
                cluster: kubernetes
                user: admin
                namespace: prod
            current-context: admin@kubernetes
            users:
            - name: admin
              user:
                client-certificate-data: {Base64("certificate")}
                client-key-data: {Base64("key")}
            """);
        var connection = Connect([file]);
        Assert.Equal("https://10.0.0.1:6443/", connection.Server.AbsoluteUri);
        Assert.Equal("prod", connection.Namespace);
        Assert.Equal("-----BEGIN CERTIFICATE-----", connection.Authority!.Read());
        Assert.Equal($"https://10.0.0.1:6443 from {file}, context admin@kubernetes", connection.ToString());
        var credential = await connection.Credentials.GetAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new ApiCredential(null, "certificate", "key"), credential);
    }

    [Fact]
    public void A_kubeconfig_may_be_json()
    {
        var file = _folder.Write("k.json", """
            {"clusters":[{"name":"c","cluster":{"server":"http://localhost:8001"}}],
             "contexts":[{"name":"x","context":{"cluster":"c"}}],"current-context":"x"}
            """);
        var connection = Connect([file]);
        Assert.Equal("http://localhost:8001/", connection.Server.AbsoluteUri);
        Assert.Equal("default", connection.Namespace);
        Assert.Null(connection.Authority);
        Assert.Equal(ApiCredential.None, connection.Credentials.Known);
    }

    [Fact]
    public void Of_several_files_the_first_to_name_something_has_it_whole()
    {
        var first = _folder.Write("1", """
            current-context: b
            users: [{name: u, user: {username: first}}]
            clusters: [{name: c, cluster: {server: "https://first"}}]
            """);
        var second = _folder.Write("2", """
            current-context: a
            users: [{name: u, user: {password: second, token: second}}, {name: v, user: {token: vv}}]
            clusters: [{name: c, cluster: {server: "https://second", tls-server-name: second}}]
            contexts: [{name: a, context: {cluster: c, user: v}}, {name: b, context: {cluster: c, user: u}}]
            """);
        var connection = Connect([first, second]);
        Assert.Equal("https://first/", connection.Server.AbsoluteUri);
        Assert.Null(connection.TlsServerName);
        Assert.Equal($"Basic {Base64("first:")}", connection.Credentials.Known!.Authorization);
        Assert.Equal("Bearer vv", Connect([first, second], "a").Credentials.Known!.Authorization);
        Assert.Equal("Bearer vv", Connect([second, first]).Credentials.Known!.Authorization);
    }

    [Fact]
    public void Paths_are_seen_from_the_folder_of_the_file_in_which_they_are()
    {
        _folder.Write("a/pki/ca.crt", "a's");
        _folder.Write("b/pki/ca.crt", "b's");
        _folder.Write("b/token", "t");
        var a = _folder.Write("a/k", """
            current-context: x
            clusters: [{name: c, cluster: {server: "https://h", certificate-authority: pki/ca.crt}}]
            """);
        var b = _folder.Write("b/k", """
            users: [{name: u, user: {tokenFile: ./token}}]
            clusters: [{name: d, cluster: {server: "https://h", certificate-authority: ../b/pki/ca.crt}}]
            contexts: [{name: x, context: {cluster: c, user: u}}, {name: z, context: {cluster: d}}]
            """);
        var connection = Connect([a, b]);
        Assert.Equal("a's", connection.Authority!.Read());
        Assert.Equal("Bearer t", connection.Credentials.Known!.Authorization);
        Assert.Equal("b's", Connect([a, b], "z").Authority!.Read());
    }

    [Theory]
    [InlineData("https://10.0.0.1", "https://10.0.0.1/")]
    [InlineData("https://[fd00::1]:6443", "https://[fd00::1]:6443/")]
    [InlineData("https://rancher.example/k8s/clusters/c-1", "https://rancher.example/k8s/clusters/c-1/")]
    [InlineData("https://rancher.example/k8s/clusters/c-1/", "https://rancher.example/k8s/clusters/c-1/")]
    [InlineData("http://localhost:8080", "http://localhost:8080/")]
    public void A_server_may_have_a_path_and_any_kind_of_address(string server, string uri) =>
        Assert.Equal(uri, Connect($"server: '{server}'").Server.AbsoluteUri);

    [Theory]
    [InlineData("tls-server-name: x", "server: is missing")]
    [InlineData("server: 10.0.0.1:6443", "server: is no address as https://10.0.0.1:6443")]
    [InlineData("server: ftp://10.0.0.1", "server: is no address as https://10.0.0.1:6443")]
    [InlineData("server: https://me:secret@h", "server: may have a path, but no user, query or fragment")]
    [InlineData("server: https://h?a=secret", "server: may have a path, but no user, query or fragment")]
    [InlineData("server: https://h, tls-server-name: 'a b'", "tls-server-name: is no name as a certificate has it")]
    [InlineData("server: 1", "server: is no text; put it in quotes")]
    [InlineData("server: https://h, proxy-url: 'ftp://secret@p'", "proxy-url: is no address that begins with http://, https:// or socks5://")]
    [InlineData("server: https://h, insecure-skip-tls-verify: 'yes'", "insecure-skip-tls-verify: is neither true nor false")]
    [InlineData("server: https://h, insecure-skip-tls-verify: true, certificate-authority: x", "insecure-skip-tls-verify: leaves nothing for certificate-authority to do; remove one of them")]
    [InlineData("server: https://h, certificate-authority-data: '%secret%'", "certificate-authority-data: is not base64")]
    public void What_is_wrong_about_a_cluster_is_told_with_its_place(string cluster, string message)
    {
        var error = Assert.Throws<KubernetesConnectionException>(() => Connect(cluster));
        Assert.Equal($"{_folder.Path}/k: cluster c: {message}", error.Message);
    }

    [Theory]
    [InlineData("token: secret, username: me", "username: and a token cannot go together; remove one of them")]
    [InlineData("client-certificate: x", "client-key: is missing: certificate and key need each other")]
    [InlineData("client-key: x", "client-certificate: is missing: certificate and key need each other")]
    [InlineData("client-key: x, client-certificate-data: '%secret%'", "client-certificate-data: is not base64")]
    [InlineData("token: 12345", "token: is no text; put it in quotes")]
    [InlineData("token: 'se cret'", "token: is no token: it has white space, control or other characters in it")]
    [InlineData("as: admin", "as: impersonation is not supported; give the user the rights that it needs, or use a user that has them")]
    [InlineData("as-groups: [a]", "as-groups: impersonation is not supported; give the user the rights that it needs, or use a user that has them")]
    [InlineData("as-user-extra: {a: [b]}", "as-user-extra: impersonation is not supported; give the user the rights that it needs, or use a user that has them")]
    [InlineData("auth-provider: {name: oidc, config: {id-token: secret}}", "auth-provider: is not supported, nor by kubectl since 1.26; use exec with the plugin of the provider, such as kubelogin")]
    [InlineData("exec: {command: x}", "exec: apiVersion: is missing")]
    [InlineData("exec: x", "exec: is no object")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}", "exec: apiVersion: client.authentication.k8s.io/v1alpha1 is not supported; client.authentication.k8s.io/v1 and client.authentication.k8s.io/v1beta1 are")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1beta1}", "exec: command: is missing")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: x}", "exec: interactiveMode: is missing; Never or IfAvailable will do")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}", "exec: interactiveMode: cannot be Always: there is no terminal; use a plugin that needs none")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Maybe}", "exec: interactiveMode: Maybe is none of Never, IfAvailable and Always")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x, args: [1]}", "exec: args: has an item that is no text; put it in quotes")]
    [InlineData("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x, env: [{value: secret}]}", "exec: env[0]: name: is missing")]
    [InlineData("token: secret, exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x}", "exec: cannot go together with other credentials; remove one of them")]
    public void What_is_wrong_about_a_user_is_told_with_its_place_and_without_secrets(string user, string message)
    {
        var error = Assert.Throws<KubernetesConnectionException>(() => Connect("server: https://h", user).Credentials.Known);
        Assert.Equal($"{_folder.Path}/k: user u: {message}", error.Message);
    }

    [Fact]
    public void Users_that_are_not_used_may_be_of_any_sort()
    {
        var file = _folder.Write("k", """
            clusters: [{name: c, cluster: {server: https://h}}]
            users: [{name: u, user: {auth-provider: {name: oidc}}}, {name: v, user: {token: t}}, {name: w}]
            contexts: [{name: x, context: {cluster: c, user: v}}]
            """);
        Assert.Equal("Bearer t", Connect([file], "x").Credentials.Known!.Authorization);
    }

    [Fact]
    public void A_token_in_a_file_counts_more_than_one_that_is_written_there()
    {
        _folder.Write("t", "file");
        Assert.Equal("Bearer file", Connect("server: https://h", "token: text, tokenFile: t").Credentials.Known!.Authorization);
    }

    [Fact]
    public void Data_count_more_than_a_file()
    {
        var connection = Connect($"server: https://h, certificate-authority: nowhere, certificate-authority-data: {Base64("data")}");
        Assert.Equal("data", connection.Authority!.Read());
    }

    [Theory]
    [InlineData("current-context: q", null, "there is no context q; there is X, x, z")]
    [InlineData("kind: Config", null, "current-context: is missing; set it, or name one of the contexts X, x, z")]
    [InlineData("current-context: x", "Y", "there is no context Y; there is X, x, z")]
    public void A_context_must_exist_under_that_very_name(string line, string? asked, string message)
    {
        var file = _folder.Write("k", $$"""
            {{line}}
            clusters: [{name: c, cluster: {server: https://h} }]
            contexts: [{name: x, context: {cluster: c} }, {name: X, context: {cluster: C} }, {name: z, context: {cluster: c, user: u} }]
            """);
        var error = Assert.Throws<KubernetesConnectionException>(() => Connect([file], asked));
        Assert.Equal($"{file}: {message}", error.Message);
        error = Assert.Throws<KubernetesConnectionException>(() => Connect([file], "X"));
        Assert.Equal($"{file}: context X: cluster: there is no cluster C; there is c", error.Message);
        error = Assert.Throws<KubernetesConnectionException>(() => Connect([file], "z"));
        Assert.Equal($"{file}: context z: user: there is no user u; there is none", error.Message);
    }

    [Theory]
    [InlineData("", ": is no kubeconfig, but empty or a list")]
    [InlineData("- a", ": is no kubeconfig, but empty or a list")]
    [InlineData("kind: Service", ": top level: kind: is not Config: this is no kubeconfig")]
    [InlineData("contexts: 1", ": top level: contexts: is no list")]
    [InlineData("users: [1]", ": top level: users[0]: is no object")]
    [InlineData("users: [{user: {}}]", ": top level: users[0]: name: is missing")]
    [InlineData("a: b\nc: [", ":2: not valid YAML")]
    [InlineData("a: \0", ": this is not a text file")]
    public void What_is_no_kubeconfig_is_said_to_be_none(string text, string message)
    {
        var file = _folder.Write("k", text);
        Assert.StartsWith(file + message, Assert.Throws<KubernetesConnectionException>(() => Connect([file])).Message);
    }

    public void Dispose() => _folder.Dispose();

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private static ApiConnection Connect(string[] files, string? context = null) =>
        KubeConfigConnection.Make(KubeConfig.Load(files), context, TimeProvider.System);

    private ApiConnection Connect(string cluster, string user = "")
    {
        var file = _folder.Write("k", $$"""
            clusters: [{name: c, cluster: { {{cluster}} } }]
            users: [{name: u, user: { {{user}} } }]
            contexts: [{name: x, context: {cluster: c, user: u} }]
            current-context: x
            """);
        return Connect([file]);
    }
}
