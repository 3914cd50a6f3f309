using System.Collections.Immutable;
using System.Globalization;
using L4Lb.Engine.Desired;
using L4Lb.K8s.Objects;
using L4Lb.K8s.Reading.Tree;

namespace L4Lb.K8s.Reading.Objects;

/// <summary>Typed reading of fields. A value of another type reads as if it were not there: the schema check has said so.</summary>
internal static class TreeFields
{
    private static readonly ImmutableSortedDictionary<string, string> s_noTexts =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    extension(MappingNode? node)
    {
        /// <summary>The object at <paramref name="key"/>.</summary>
        public MappingNode? Object(string key) => node?.Find(key) as MappingNode;

        /// <summary>The objects of the list at <paramref name="key"/>; an item that is null is an empty object.</summary>
        public EquatableArray<T> Objects<T>(string key, Func<MappingNode, T> read) =>
            node?.Find(key) is SequenceNode list
                ? list.Items.Select(i => read(i as MappingNode ?? new(i.Line, []))).ToEquatableArray()
                : [];

        /// <summary>The text at <paramref name="key"/>.</summary>
        public string? Text(string key) => node?.FindString(key);

        /// <summary>The texts of the list at <paramref name="key"/>; an item that is null is an empty text.</summary>
        public EquatableArray<string> Texts(string key) =>
            node?.Find(key) is SequenceNode list
                ? list.Items.Select(i => i is ScalarNode { Kind: ScalarKind.String } s ? s.Text : "").ToEquatableArray()
                : [];

        /// <summary>The map of texts at <paramref name="key"/>.</summary>
        public ImmutableSortedDictionary<string, string> TextMap(string key)
        {
            if (node?.Find(key) is not MappingNode { Entries.Count: > 0 } map)
            {
                return s_noTexts;
            }

            var texts = s_noTexts.ToBuilder();
            foreach (var (name, _, value) in map.Entries)
            {
                texts[name] = value is ScalarNode { Kind: ScalarKind.String } s ? s.Text : "";
            }

            return texts.ToImmutable();
        }

        /// <summary>The whole number at <paramref name="key"/>.</summary>
        public int? Int32(string key) => node?.Find(key) is ScalarNode { Kind: ScalarKind.Integer } s
            && int.TryParse(s.Text, CultureInfo.InvariantCulture, out var value) ? value : null;

        /// <summary>The large whole number at <paramref name="key"/>.</summary>
        public long? Int64(string key) => node?.Find(key) is ScalarNode { Kind: ScalarKind.Integer } s
            && long.TryParse(s.Text, CultureInfo.InvariantCulture, out var value) ? value : null;

        /// <summary>The truth value at <paramref name="key"/>.</summary>
        public bool? Bool(string key) => node?.Find(key) is ScalarNode { Kind: ScalarKind.Bool } s ? s.Text == "true" : null;

        /// <summary>The number or name at <paramref name="key"/>.</summary>
        public IntOrString? IntOrString(string key) =>
            node.Text(key) is { } name ? new IntOrString(0, name) : node.Int32(key) is { } number ? new(number, null) : null;

        /// <summary>The time at <paramref name="key"/>.</summary>
        public DateTimeOffset? Time(string key) => DateTimeOffset.TryParse(
            node.Text(key), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
