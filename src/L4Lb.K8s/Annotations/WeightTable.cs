using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Translation;

namespace L4Lb.K8s.Annotations;

/// <summary>Weights by backend address, as <c>l4lb.io/weights</c> gives them. Immutable.</summary>
public sealed class WeightTable
{
    /// <summary>Largest weight.</summary>
    public const int MaxWeight = 65535;

    /// <summary>What the annotation takes, for messages.</summary>
    internal const string Syntax = "ADDRESS=WEIGHT or ADDRESS:PORT=WEIGHT, comma separated, weights 0 to 65535";

    private readonly FrozenDictionary<AddressKey, int> _weights;

    private WeightTable(FrozenDictionary<AddressKey, int> weights) => _weights = weights;

    /// <summary>No weights.</summary>
    public static WeightTable Empty { get; } = new(FrozenDictionary<AddressKey, int>.Empty);

    /// <summary>Number of entries.</summary>
    public int Count => _weights.Count;

    /// <summary>The weight of <paramref name="backend"/>: that of its address and port, else of its address, else null.</summary>
    public int? Find(IPEndPoint backend)
    {
        if (_weights.Count == 0)
        {
            return null;
        }

        var key = AddressKey.From(backend);
        return _weights.TryGetValue(key, out var weight) || _weights.TryGetValue(key with { Port = 0 }, out weight)
            ? weight
            : null;
    }

    /// <summary>Reads <c>10.0.0.1=3,10.0.0.2:8080=1,[fd00::1]:80=2</c>.</summary>
    /// <param name="text">The annotation's value.</param>
    /// <param name="table">The weights; empty when there is a problem.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Parse(string text, out WeightTable table)
    {
        table = Empty;
        var weights = new Dictionary<AddressKey, int>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = item.LastIndexOf('=');
            if (equals < 0 || !AddressText.TryParseWithPort(item.AsSpan(0, equals).Trim(), out var address))
            {
                return $"\"{item}\" is not a weight: expected {Syntax}";
            }

            if (!TryParseWeight(item.AsSpan(equals + 1).Trim(), out var weight))
            {
                return $"\"{item}\": the weight must be a number from 0 to {MaxWeight}";
            }

            if (!weights.TryAdd(AddressKey.From(address), weight))
            {
                return $"\"{item}\": the address is there twice";
            }
        }

        table = new(weights.ToFrozenDictionary());
        return null;
    }

    /// <summary>Reads one weight.</summary>
    internal static bool TryParseWeight(ReadOnlySpan<char> text, out int weight) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out weight) && weight <= MaxWeight;
}
