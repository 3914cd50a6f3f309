using L4Lb.Engine.Desired;

namespace L4Lb.Host.Cli.Values;

/// <summary>The values of <c>--backend</c>: <c>127.0.0.1:9001</c>, <c>127.0.0.1:9001,weight=3</c>.</summary>
internal static class BackendText
{
    /// <summary>Reads a backend.</summary>
    public static BackendSpec Read(string text)
    {
        var parts = text.Split(',');
        var backend = new BackendSpec { Address = EndPointText.Read(parts[0]) };
        foreach (var part in parts.AsSpan(1))
        {
            backend = part.Split('=', 2) switch
            {
                ["weight", var value] when int.TryParse(value, out var weight) && weight is >= 0 and <= 65535 =>
                    backend with { Weight = weight },
                ["weight", ..] => throw new FormatException("weight must be 0…65535"),
                _ => throw new FormatException($"\"{part}\" is not known; a backend takes weight=N"),
            };
        }

        return backend;
    }
}
