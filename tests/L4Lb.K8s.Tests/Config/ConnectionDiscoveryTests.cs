using L4Lb.K8s.Client;
using L4Lb.K8s.Config;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Config;

public sealed class ConnectionDiscoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];

    [Fact]
    public void The_order_is_the_file_that_was_asked_for_then_KUBECONFIG_then_the_pod_then_the_home()
    {
        var asked = WriteConfig("asked");
        var listed = WriteConfig("listed");
        WriteConfig(".kube/config");
        _folder.Write("sa/token", "t");
        _variables["KUBECONFIG"] = $"/nowhere::{listed}:{listed}";
        _variables["KUBERNETES_SERVICE_HOST"] = "10.96.0.1";
        _variables["KUBERNETES_SERVICE_PORT"] = "443";
        Assert.Equal("https://asked/", Find(asked).Server.AbsoluteUri);
        Assert.Equal("https://listed/", Find().Server.AbsoluteUri);
        _variables["KUBECONFIG"] = "";
        Assert.Equal("https://10.96.0.1/", Find().Server.AbsoluteUri);
        Assert.Equal("https://config/", Find(context: "x").Server.AbsoluteUri);
        _variables.Remove("KUBERNETES_SERVICE_PORT");
        Assert.Equal("https://config/", Find().Server.AbsoluteUri);
    }

    [Fact]
    public void What_is_named_and_not_there_is_an_error_and_nothing_else_is_tried()
    {
        WriteConfig(".kube/config");
        var missing = Path.Combine(_folder.Path, "missing");
        Assert.StartsWith($"{missing}: cannot be read", Refused(missing));
        _variables["KUBECONFIG"] = missing;
        Assert.Equal($"KUBECONFIG: none of the files of {missing} exists", Refused());
    }

    [Fact]
    public void Without_any_cluster_the_error_says_what_was_tried()
    {
        Assert.Equal(
            "there is no way to a cluster: no --kubeconfig was given, KUBECONFIG is not set, "
            + "this is not a pod (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set), "
            + $"and there is no {_folder.Path}/.kube/config; give --kubeconfig FILE",
            Refused());
        _variables["KUBERNETES_SERVICE_HOST"] = "h";
        _variables["KUBERNETES_SERVICE_PORT"] = "1";
        Assert.Contains($"this pod has no service account's token ({_folder.Path}/sa/token; automountServiceAccountToken may be false)", Refused());
    }

    [Theory]
    [InlineData("10.96.0.1", "443", "https://10.96.0.1/")]
    [InlineData("fd00:10:96::1", "6443", "https://[fd00:10:96::1]:6443/")]
    [InlineData("kubernetes.default.svc", "443", "https://kubernetes.default.svc/")]
    public void A_pod_talks_to_its_own_cluster(string host, string port, string server)
    {
        _folder.Write("sa/token", "t\n");
        _folder.Write("sa/ca.crt", "certificate");
        _folder.Write("sa/namespace", "prod\n");
        _variables["KUBERNETES_SERVICE_HOST"] = host;
        _variables["KUBERNETES_SERVICE_PORT"] = port;
        var connection = Find();
        Assert.Equal(server, connection.Server.AbsoluteUri);
        Assert.Equal("prod", connection.Namespace);
        Assert.Equal("certificate", connection.Authority!.Read());
        Assert.Equal("Bearer t", connection.Credentials.Known!.Authorization);
        Assert.EndsWith("from the service account of this pod", connection.ToString());
        File.Delete(Path.Combine(_folder.Path, "sa/namespace"));
        Assert.Equal("default", Find().Namespace);
    }

    [Theory]
    [InlineData("10.96.0.1", "tcp://10.96.0.1:443", "KUBERNETES_SERVICE_PORT: tcp://10.96.0.1:443 is no port")]
    [InlineData("not a name", "443", "KUBERNETES_SERVICE_HOST: not a name is neither a name nor an address")]
    public void What_a_pod_is_told_must_make_sense(string host, string port, string message)
    {
        _folder.Write("sa/token", "t\n");
        _variables["KUBERNETES_SERVICE_HOST"] = host;
        _variables["KUBERNETES_SERVICE_PORT"] = port;
        Assert.Equal(message, Refused());
    }

    [Fact]
    public void A_pod_without_authority_is_told_so_at_once()
    {
        _folder.Write("sa/token", "t\n");
        _variables["KUBERNETES_SERVICE_HOST"] = "10.96.0.1";
        _variables["KUBERNETES_SERVICE_PORT"] = "443";
        var connection = Find();
        var error = Assert.Throws<KubernetesConnectionException>(() => KubernetesConnection.From(connection));
        Assert.StartsWith($"certificate-authority: {_folder.Path}/sa/ca.crt: cannot be read", error.Message);
    }

    [Fact]
    public void The_connection_says_where_it_leads_and_not_more()
    {
        var file = _folder.Write("k", """
            clusters: [{name: c, cluster: {server: "https://10.0.0.1:6443/k8s", proxy-url: "http://me:secret@p"}}]
            users: [{name: u, user: {token: secret}}]
            contexts: [{name: x, context: {cluster: c, user: u, namespace: prod}}]
            current-context: x
            """);
        var connection = KubernetesConnection.Discover(file);
        Assert.Equal("prod", connection.Namespace);
        Assert.Equal($"https://10.0.0.1:6443/k8s from {file}, context x", connection.ToString());
        var inner = Find(file);
        Assert.DoesNotContain("secret", $"{inner} {inner.Credentials} {inner.Credentials.Known} {new TlsMaterial("secret", "secret", "secret")}");
    }

    public void Dispose() => _folder.Dispose();

    private string WriteConfig(string name) => _folder.Write(name, $$"""
        clusters: [{name: c, cluster: {server: "https://{{Path.GetFileName(name)}}" } }]
        contexts: [{name: x, context: {cluster: c} }]
        current-context: x
        """);

    private ApiConnection Find(string? kubeconfig = null, string? context = null) =>
        new ConnectionDiscovery(_variables.GetValueOrDefault, _folder.Path, Path.Combine(_folder.Path, "sa"), TimeProvider.System)
            .Find(kubeconfig, context);

    private string Refused(string? kubeconfig = null) => Assert.Throws<KubernetesConnectionException>(() => Find(kubeconfig)).Message;
}
