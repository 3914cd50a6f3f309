using System.Net;
using L4Lb.Host.Cli.Values;

namespace L4Lb.Host.Admin;

/// <summary>Where the admin API listens: an address and port, a unix socket, or nowhere.</summary>
internal sealed record AdminAddress
{
    private const string UnixScheme = "unix:";

    private AdminAddress(IPEndPoint? endPoint, string? socketPath) => (EndPoint, SocketPath) = (endPoint, socketPath);

    /// <summary>The address when none is given.</summary>
    public static AdminAddress Default { get; } = new(new IPEndPoint(IPAddress.Loopback, 9900), null);

    /// <summary>No admin API.</summary>
    public static AdminAddress None { get; } = new(null, null);

    /// <summary>Address and port, or null.</summary>
    public IPEndPoint? EndPoint { get; }

    /// <summary>Path of a unix socket, or null.</summary>
    public string? SocketPath { get; }

    /// <summary>Whether only this machine can reach it: loopback, a unix socket, or nothing at all.</summary>
    public bool IsLocal => EndPoint is null || IPAddress.IsLoopback(EndPoint.Address);

    /// <summary>Reads the value of <c>--admin</c>.</summary>
    public static AdminAddress Read(string text) => text switch
    {
        "none" => None,
        _ when text.StartsWith(UnixScheme, StringComparison.Ordinal) => Unix(text[UnixScheme.Length..]),
        _ when text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) => Read($"127.0.0.1{text["localhost".Length..]}"),
        _ => Tcp(text),
    };

    /// <summary>An address and port; port 0 lets the system choose.</summary>
    public static AdminAddress At(IPEndPoint endPoint) => new(endPoint, null);

    /// <inheritdoc/>
    public override string ToString() => EndPoint?.ToString() ?? (SocketPath is null ? "none" : UnixScheme + SocketPath);

    private static AdminAddress Unix(string path) => Path.IsPathRooted(path)
        ? new AdminAddress(null, path)
        : throw new FormatException("the path of a unix socket must be absolute: unix:/run/l4lb.sock");

    private static AdminAddress Tcp(string text)
    {
        try
        {
            return At(EndPointText.ReadListening(text));
        }
        catch (FormatException e)
        {
            throw new FormatException("must be ADDRESS:PORT with an IP address, unix:/PATH or none", e);
        }
    }
}
