namespace L4Lb.K8s.Config;

/// <summary>Makes a connection of what a kubeconfig says about one context. What is not understood is refused, not passed over.</summary>
internal static class KubeConfigConnection
{
    /// <summary>The connection of a context; the current one when <paramref name="context"/> is null.</summary>
    /// <exception cref="KubernetesConnectionException">Something is missing, wrong or not supported.</exception>
    public static ApiConnection Make(KubeConfig config, string? context, TimeProvider time)
    {
        var (name, fields, cluster, user) = config.Select(context);
        var authority = cluster.Secret("certificate-authority", time);
        var isInsecure = cluster.Bool("insecure-skip-tls-verify");
        if (isInsecure && authority is not null)
        {
            throw cluster.Wrong("insecure-skip-tls-verify", "leaves nothing for certificate-authority to do; remove one of them");
        }

        var server = ServerOf(cluster);
        return new(server, CredentialsOf(user, cluster, server, authority, time))
        {
            Authority = authority,
            InsecureSkipTlsVerify = isInsecure,
            TlsServerName = ServerNameOf(cluster),
            Proxy = ProxyOf(cluster),
            Namespace = fields.Text("namespace") ?? "default",
            Origin = $"{fields.File}, context {name}",
        };
    }

    private static Uri ServerOf(KubeConfigEntry cluster)
    {
        var text = cluster.RequiredText("server");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var server) || server.Scheme is not ("https" or "http"))
        {
            throw cluster.Wrong("server", "is no address as https://10.0.0.1:6443");
        }

        if (server.UserInfo.Length > 0 || server.Query.Length > 0 || server.Fragment.Length > 0)
        {
            throw cluster.Wrong("server", "may have a path, but no user, query or fragment");
        }

        return new($"{server.GetLeftPart(UriPartial.Path).TrimEnd('/')}/");
    }

    private static string? ServerNameOf(KubeConfigEntry cluster)
    {
        var name = cluster.Text("tls-server-name");
        return name is null || Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4
            ? name
            : throw cluster.Wrong("tls-server-name", "is no name as a certificate has it");
    }

    private static Uri? ProxyOf(KubeConfigEntry cluster)
    {
        if (cluster.Text("proxy-url") is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5"
            ? proxy
            : throw cluster.Wrong("proxy-url", "is no address that begins with http://, https:// or socks5://");
    }

    private static IApiCredentials CredentialsOf(
        KubeConfigEntry? user, KubeConfigEntry cluster, Uri server, SecretText? authority, TimeProvider time)
    {
        if (user is null)
        {
            return new UserCredentials();
        }

        RefuseUnsupported(user);
        var written = new UserCredentials
        {
            Token = TokenOf(user, time),
            Basic = user.Text("username") is { } name ? (name, user.Text("password") ?? "") : null,
            Certificate = user.Secret("client-certificate", time),
            Key = user.Secret("client-key", time),
        };
        if (written.Token is not null && written.Basic is not null)
        {
            throw user.Wrong("username", "and a token cannot go together; remove one of them");
        }

        if (written.Certificate is null != written.Key is null)
        {
            var missing = written.Certificate is null ? "client-certificate" : "client-key";
            throw user.Wrong(missing, "is missing: certificate and key need each other");
        }

        if (user.Object("exec") is not { } exec)
        {
            return written;
        }

        return written is { Token: null, Basic: null, Certificate: null }
            ? new ExecCredentials(ExecPlugin.Read(exec, cluster, server, authority), time)
            : throw user.Wrong("exec", "cannot go together with other credentials; remove one of them");
    }

    // The file wins over the text: its last value that could be read is the newest.
    private static SecretText? TokenOf(KubeConfigEntry user, TimeProvider time) =>
        user.PathIn("tokenFile") is { } path ? new(path, user.Where("tokenFile"), time)
        : user.Text("token") is { } token ? new(token.Trim(), user.Where("token"))
        : null;

    private static void RefuseUnsupported(KubeConfigEntry user)
    {
        if (user.Has("auth-provider"))
        {
            throw user.Wrong(
                "auth-provider", "is not supported, nor by kubectl since 1.26; use exec with the plugin of the provider, such as kubelogin");
        }

        foreach (var field in (string[])["as", "as-uid", "as-groups", "as-user-extra"])
        {
            if (user.Has(field))
            {
                throw user.Wrong(field, "impersonation is not supported; give the user the rights that it needs, or use a user that has them");
            }
        }
    }
}
