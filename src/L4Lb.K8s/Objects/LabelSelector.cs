using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Objects;

/// <summary>A <c>meta/v1</c> LabelSelector. Every requirement must hold; without any, all objects match.</summary>
public sealed record LabelSelector
{
    /// <summary><c>matchLabels</c> and <c>matchExpressions</c>.</summary>
    public EquatableArray<LabelRequirement> Requirements { get; init; } = [];

    /// <summary>Whether <paramref name="labels"/> fulfil it.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var requirement in Requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>One requirement; an entry of <c>matchLabels</c> is <see cref="LabelOperator.In"/> with one value.</summary>
/// <param name="Key">The label.</param>
/// <param name="Operator">What must be true of it.</param>
/// <param name="Values">Of what values; empty for Exists and DoesNotExist.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, EquatableArray<string> Values)
{
    /// <summary>Whether <paramref name="labels"/> fulfil it. An absent label is not in any set, as in the API server.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelOperator.In => has && Values.Contains(value),
            LabelOperator.NotIn => !has || !Values.Contains(value),
            LabelOperator.Exists => has,
            LabelOperator.DoesNotExist => !has,
            _ => false,
        };
    }
}

/// <summary>Operators of a label selector.</summary>
public enum LabelOperator
{
    /// <summary>It has one of the values.</summary>
    In,

    /// <summary>It has none of the values, or is absent.</summary>
    NotIn,

    /// <summary>It is there.</summary>
    Exists,

    /// <summary>It is absent.</summary>
    DoesNotExist,

    /// <summary>What was written is no operator; nothing matches.</summary>
    Unknown,
}
