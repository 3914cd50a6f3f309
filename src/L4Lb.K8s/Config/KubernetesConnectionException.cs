namespace L4Lb.K8s.Config;

/// <summary>There is no way to an API server: the message says why, where that is written, and what would help.</summary>
public sealed class KubernetesConnectionException : Exception
{
    /// <summary>For the serializers of this world; says nothing.</summary>
    public KubernetesConnectionException()
    {
    }

    /// <summary>Says <paramref name="message"/>.</summary>
    public KubernetesConnectionException(string message)
        : base(message)
    {
    }

    /// <summary>Says <paramref name="message"/>, and from what it came.</summary>
    public KubernetesConnectionException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
