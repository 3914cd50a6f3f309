namespace L4Lb.K8s.Config;

/// <summary>What a request identifies itself with. Secret: never printed.</summary>
/// <param name="Authorization">Value of the header of that name, or null.</param>
/// <param name="CertificatePem">The client's certificate, and maybe those between it and its authority; or null.</param>
/// <param name="KeyPem">Its key.</param>
internal sealed record ApiCredential(string? Authorization = null, string? CertificatePem = null, string? KeyPem = null)
{
    /// <summary>That of nobody.</summary>
    public static ApiCredential None { get; } = new();

    /// <inheritdoc/>
    public override string ToString() => nameof(ApiCredential);
}

/// <summary>Where credentials come from. Any thread.</summary>
internal interface IApiCredentials
{
    /// <summary>Those that are known without asking anybody; null when there is somebody to ask.</summary>
    /// <exception cref="KubernetesConnectionException">There are none.</exception>
    ApiCredential? Known { get; }

    /// <summary>Those of the moment.</summary>
    /// <exception cref="KubernetesConnectionException">There are none.</exception>
    ValueTask<ApiCredential> GetAsync(CancellationToken cancellation);

    /// <summary>The server does not accept <paramref name="credential"/>: whatever was kept of it is to be read anew.</summary>
    void Reject(ApiCredential credential);
}
