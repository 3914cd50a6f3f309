using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace L4Lb.DatagramLoad;

/// <summary>Options of the subcommands, each with its own complaint about a value that it cannot take.</summary>
internal static class Options
{
    public static Option<IPEndPoint> EndPoint(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ADDRESS:PORT",
        Required = true,
        CustomParser = static result => IPEndPoint.TryParse(result.Tokens[0].Value, out var endPoint)
            && endPoint is { AddressFamily: AddressFamily.InterNetwork, Port: > 0 }
                ? endPoint
                : Complain<IPEndPoint>(result, "an IPv4 address and a port, such as 127.0.0.1:9001")!,
    };

    public static Option<int> Count(string name, string description, int otherwise, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value)
            && value >= least && value <= most
                ? value
                : Complain<int>(result, $"a whole number of {least}…{most}"),
    };

    public static Option<TimeSpan> Seconds() => new("--seconds")
    {
        Description = "How long to send",
        HelpName = "SECONDS",
        DefaultValueFactory = static _ => TimeSpan.FromSeconds(1),
        CustomParser = static result => double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value)
            && value is > 0 and <= 3600
                ? TimeSpan.FromSeconds(value)
                : Complain<TimeSpan>(result, "a number of seconds up to 3600"),
    };

    public static Option<int> Rate() => Count("--rate", "Datagrams to send in a second", 20_000, 1, 100_000_000);

    private static T? Complain<T>(ArgumentResult result, string expected)
    {
        result.AddError($"{((OptionResult)result.Parent!).IdentifierToken?.Value}: \"{result.Tokens[0].Value}\" is not {expected}");
        return default;
    }
}
