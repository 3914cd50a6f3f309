using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using L4Lb.Host.Running;

namespace L4Lb.Host.Admin;

/// <summary>The certificate of the admin API, read again when its file has changed: it is renewed while we run. Thread-safe.</summary>
internal sealed class AdminCertificate
{
    private readonly string _file;
    private readonly string? _keyFile;
    private readonly Lock _lock = new();
    private X509Certificate2 _current;
    private DateTime _written;

    private AdminCertificate(string file, string? keyFile)
    {
        (_file, _keyFile) = (file, keyFile);
        _written = Written();
        _current = Read();
    }

    /// <summary>The certificate as it is now; that before while the files do not fit together.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (_lock)
            {
                var written = Written();
                if (written != _written)
                {
                    try
                    {
                        (_current, _written) = (Read(), written);
                    }
                    catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
                    {
                        // Half of a renewal: whoever asks next looks again.
                    }
                }

                return _current;
            }
        }
    }

    /// <summary>The certificate that <paramref name="settings"/> name; null for none.</summary>
    /// <exception cref="StartFailedException">It cannot be read.</exception>
    public static AdminCertificate? ReadFor(AdminSettings settings)
    {
        try
        {
            return settings.CertificateFile is { } file ? new AdminCertificate(file, settings.KeyFile) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new StartFailedException(
                $"--admin-certificate {settings.CertificateFile}: {e.Message}; it must be PEM, with the key in it or in --admin-key PATH", e);
        }
    }

    private DateTime Written() => new[] { _file, _keyFile ?? _file }.Max(File.GetLastWriteTimeUtc);

    private X509Certificate2 Read() => X509Certificate2.CreateFromPemFile(_file, _keyFile);
}
