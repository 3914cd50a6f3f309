using System.Text;

namespace L4Lb.K8s.Config;

/// <summary>
/// A small text file that others replace now and then: a token, a certificate. It is read again each minute, by its content:
/// Kubernetes swaps a link some folders above, which changes no time of the file itself. Any thread.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">Clock.</param>
internal sealed class RefreshedFile(string path, TimeProvider time)
{
    // A kubelet renews tokens when a fifth of their life is left, which is at least two minutes.
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    // Certificates and keys have some thousand bytes each.
    private const int MaxBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private string? _text;
    private long _readAt;

    /// <summary>The text, without white space around it; what it was when it cannot be read now.</summary>
    /// <exception cref="KubernetesConnectionException">It could never be read.</exception>
    public string Read()
    {
        lock (_lock)
        {
            if (_text is not null && time.GetElapsedTime(_readAt) < s_interval)
            {
                return _text;
            }

            _readAt = time.GetTimestamp();
            try
            {
                return _text = ReadNow();
            }
            catch (KubernetesConnectionException) when (_text is not null)
            {
                return _text;
            }
        }
    }

    /// <summary>Makes the next <see cref="Read"/> look into the file.</summary>
    public void Expire()
    {
        lock (_lock)
        {
            _readAt = time.GetTimestamp() - (long)(s_interval.TotalSeconds * time.TimestampFrequency);
        }
    }

    private string ReadNow()
    {
        try
        {
            using var stream = File.OpenRead(path);
            var bytes = new byte[MaxBytes];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            var text = Encoding.UTF8.GetString(bytes, 0, count).Trim();
            return count == MaxBytes ? throw new KubernetesConnectionException($"{path}: is longer than {MaxBytes:N0} bytes")
                : text.Length == 0 ? throw new KubernetesConnectionException($"{path}: is empty")
                : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConnectionException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
