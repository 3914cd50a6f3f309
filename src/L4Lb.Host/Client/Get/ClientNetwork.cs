using System.Net;

namespace L4Lb.Host.Client.Get;

/// <summary>Clients as <c>--client</c> names them: an address, or a network as <c>10.0.0.0/8</c>.</summary>
internal static class ClientNetwork
{
    /// <summary>Takes the text when it is one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static string Read(string text) => IPNetwork.TryParse(text, out _) || IPAddress.TryParse(text, out _)
        ? text
        : throw new FormatException("must be an IP address or a network as 10.0.0.0/8");

    /// <summary>Whether <paramref name="client"/> is one of them.</summary>
    public static bool Contains(string clients, string client) => IPNetwork.TryParse(clients, out var network)
        ? IPAddress.TryParse(client, out var address) && network.Contains(address)
        : IPAddress.Parse(clients).ToString() == client;
}
