using System.Net;

namespace L4Lb.Host.Cli.Values;

/// <summary>The values of <c>--listen</c>: <c>tcp://127.0.0.1:8080</c>; without a scheme TCP is meant.</summary>
internal static class ListenText
{
    /// <summary>Reads where to listen.</summary>
    public static IPEndPoint Read(string text)
    {
        if (text.StartsWith("udp://", StringComparison.OrdinalIgnoreCase))
        {
            EndPointText.Read(text["udp://".Length..]);
            throw new FormatException("UDP cannot be given on the command line yet; only tcp://ADDRESS:PORT can");
        }

        const string Scheme = "tcp://";
        return EndPointText.Read(text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..] : text);
    }
}
