using System.Text;
using System.Text.Json;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Config;

/// <summary>A program that knows the credentials, as a kubeconfig describes it (<c>client.authentication.k8s.io</c>).</summary>
internal sealed class ExecPlugin
{
    private const string Group = "client.authentication.k8s.io";
    private const string Extension = Group + "/exec";

    /// <summary>The kubeconfig's name of all this, for messages.</summary>
    public required string Where { get; init; }

    /// <summary><c>client.authentication.k8s.io/v1</c> or <c>…/v1beta1</c>.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>Path of the program, or a name to look for in <c>PATH</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables in addition to those of this process.</summary>
    public IReadOnlyList<(string Name, string Value)> Variables { get; init; } = [];

    /// <summary>What to tell who does not have the program.</summary>
    public string? InstallHint { get; init; }

    /// <summary>Value of <c>KUBERNETES_EXEC_INFO</c>; made when it is needed, since the authority may be in a file.</summary>
    public required Func<string> Info { get; init; }

    /// <summary>The plugin in <paramref name="exec"/>.</summary>
    /// <param name="exec">The user's field.</param>
    /// <param name="cluster">What the plugin may want to know.</param>
    /// <param name="server">The cluster's address.</param>
    /// <param name="authority">The cluster's authority.</param>
    /// <exception cref="KubernetesConnectionException">Something is missing, wrong or not supported.</exception>
    public static ExecPlugin Read(KubeConfigEntry exec, KubeConfigEntry cluster, Uri server, SecretText? authority)
    {
        var version = exec.RequiredText("apiVersion");
        if (version is not ($"{Group}/v1" or $"{Group}/v1beta1"))
        {
            throw exec.Wrong("apiVersion", $"{version} is not supported; {Group}/v1 and {Group}/v1beta1 are");
        }

        // Nobody sits before an appliance; of v1 the field is a must.
        var mode = exec.Text("interactiveMode");
        if (mode is not ("Never" or "IfAvailable" or null) || (mode is null && version == $"{Group}/v1"))
        {
            throw exec.Wrong("interactiveMode", mode switch
            {
                null => "is missing; Never or IfAvailable will do",
                "Always" => "cannot be Always: there is no terminal; use a plugin that needs none",
                _ => $"{mode} is none of Never, IfAvailable and Always",
            });
        }

        var command = exec.RequiredText("command");
        return new()
        {
            Where = exec.Where("command"),
            ApiVersion = version,
            Command = command.Contains('/', StringComparison.Ordinal) ? exec.FromFolder(command) : command,
            Arguments = exec.Texts("args"),
            Variables = [.. exec.Objects("env").Select(static e => (e.RequiredText("name"), e.Text("value") ?? ""))],
            InstallHint = exec.Text("installHint"),
            Info = exec.Bool("provideClusterInfo")
                ? () => InfoOf(version, w => WriteCluster(w, cluster, server, authority))
                : () => InfoOf(version, static _ => { }),
        };
    }

    private static string InfoOf(string version, Action<Utf8JsonWriter> writeCluster)
    {
        using var text = new MemoryStream();
        using (var w = new Utf8JsonWriter(text))
        {
            w.WriteStartObject();
            w.WriteString("kind", "ExecCredential");
            w.WriteString("apiVersion", version);
            w.WriteStartObject("spec");
            writeCluster(w);
            w.WriteBoolean("interactive", false);
            w.WriteEndObject();
            w.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static void WriteCluster(Utf8JsonWriter w, KubeConfigEntry cluster, Uri server, SecretText? authority)
    {
        w.WriteStartObject("cluster");
        w.WriteString("server", server.AbsoluteUri.TrimEnd('/'));
        if (cluster.Text("tls-server-name") is { } name)
        {
            w.WriteString("tls-server-name", name);
        }

        if (cluster.Bool("insecure-skip-tls-verify"))
        {
            w.WriteBoolean("insecure-skip-tls-verify", true);
        }

        if (authority is not null)
        {
            w.WriteString("certificate-authority-data", Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.Read())));
        }

        if (cluster.Text("proxy-url") is { } proxy)
        {
            w.WriteString("proxy-url", proxy);
        }

        if (cluster.Objects("extensions").FirstOrDefault(static e => e.Text("name") == Extension)?.Find("extension") is { } config)
        {
            w.WritePropertyName("config");
            Write(w, config);
        }

        w.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter w, TreeNode node)
    {
        switch (node)
        {
            case MappingNode mapping:
                w.WriteStartObject();
                foreach (var (key, _, value) in mapping.Entries)
                {
                    w.WritePropertyName(key);
                    Write(w, value);
                }

                w.WriteEndObject();
                break;
            case SequenceNode sequence:
                w.WriteStartArray();
                sequence.Items.ForEach(item => Write(w, item));
                w.WriteEndArray();
                break;
            case ScalarNode { Kind: ScalarKind.String } scalar:
                w.WriteStringValue(scalar.Text);
                break;
            case ScalarNode scalar:
                w.WriteRawValue(scalar.Text);
                break;
        }
    }
}
