using System.Net;

namespace L4Lb.Host.Cli.Values;

/// <summary>A client: an address, with or without a port.</summary>
internal static class ClientText
{
    /// <summary>Reads a client; the port is 0 when none is given.</summary>
    public static IPEndPoint Read(string text)
    {
        var isBareAddress = text.Contains(':') ? text.Count(c => c == ':') > 1 && !text.StartsWith('[') : text.Count(c => c == '.') == 3;
        return isBareAddress && IPAddress.TryParse(text, out var address) ? new IPEndPoint(address, 0) : EndPointText.Read(text);
    }
}
