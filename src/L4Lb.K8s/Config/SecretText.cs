namespace L4Lb.K8s.Config;

/// <summary>A text that is in a file, or was written where the file's name could have been. Never printed.</summary>
internal sealed class SecretText
{
    private readonly RefreshedFile? _file;
    private readonly string _text = "";

    /// <summary>What is in a file, whenever it is asked for.</summary>
    public SecretText(string path, string where, TimeProvider time) => (_file, Where) = (new(path, time), where);

    /// <summary>This text.</summary>
    public SecretText(string text, string where) => (_text, Where) = (text, where);

    /// <summary>The field that names it, for messages.</summary>
    public string Where { get; }

    /// <summary>The text of the moment.</summary>
    /// <exception cref="KubernetesConnectionException">It could never be read.</exception>
    public string Read()
    {
        try
        {
            return _file?.Read() ?? _text;
        }
        catch (KubernetesConnectionException e)
        {
            throw new KubernetesConnectionException($"{Where}: {e.Message}", e);
        }
    }

    /// <summary>Makes the next <see cref="Read"/> look into the file, if there is one.</summary>
    public void Expire() => _file?.Expire();
}
