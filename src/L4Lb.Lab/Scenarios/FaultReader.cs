using L4Lb.Engine.Desired;

namespace L4Lb.Lab.Scenarios;

/// <summary>Reads what goes wrong, and when.</summary>
internal static class FaultReader
{
    private static readonly string[] s_kinds = ["slow", "crash", "flap", "pause", "rolling-update", "add", "remove"];
    private static readonly TimeSpan s_least = TimeSpan.FromMilliseconds(1);

    /// <summary>What <paramref name="fields"/> ask for; null when that is nothing, which is said.</summary>
    internal static Fault? Read(FieldReader fields, EquatableArray<BackendGroup> groups)
    {
        fields.Require("kind", string.Join(", ", s_kinds));
        var kind = fields.Word("kind", s_kinds);
        var at = fields.Duration("at", TimeSpan.Zero)?.TotalSeconds ?? 0;
        var group = ReadGroup(fields, groups);
        if (kind is null || group is null)
        {
            return null;
        }

        var read = ReadKind(kind, fields, at, group.Name);
        var first = (int)(fields.Whole("first", 0, 1_000_000) ?? 0);
        var count = (int?)fields.Whole("count", 1, 1_000_000);
        if (read is AddFault)
        {
            fields.Require("count", "how many are added");
        }
        else if (first + (count ?? 1) > group.Count && group.Count > 0)
        {
            fields.Refuse(fields.Has("count") ? "count" : "first", $"the group {group.Name} has {group.Count} backends");
        }

        read = read with { First = first, Count = count, For = Seconds(fields, "for") };
        fields.End();
        return read;
    }

    private static BackendGroup? ReadGroup(FieldReader fields, EquatableArray<BackendGroup> groups)
    {
        var name = fields.Text("group");
        if (name is null && !fields.Has("group") && groups.Count == 1)
        {
            return groups[0];
        }

        var found = groups.FirstOrDefault(group => group.Name == name);
        if (found is null && groups.Count > 0)
        {
            fields.Refuse("group", name is null
                ? "required: the group of backends"
                : $"there is no group \"{name}\"; {FieldReader.Meant(name, [.. groups.Select(static group => group.Name)])}");
        }

        return found;
    }

    private static Fault ReadKind(string kind, FieldReader fields, double at, string group)
    {
        Require(fields, kind switch
        {
            "slow" => [("factor", "how many times as long everything takes")],
            "flap" => [("every", "time from one crash to the next"), ("down", "time that each crash lasts")],
            "pause" => [("every", "time from one pause to the next"), ("length", "time that one lasts")],
            _ => [],
        });
        return kind switch
        {
            "slow" => new SlowFault(at, group, fields.Number("factor", 0.01, 10_000) ?? 1),
            "crash" => new CrashFault(at, group, ReadWay(fields)),
            "flap" => ReadFlap(fields, at, group),
            "pause" => new PauseFault(
                at, group, Seconds(fields, "every") ?? 1, Seconds(fields, "length") ?? 0.1, fields.Flag("random") ?? false),
            "rolling-update" => new RollingUpdate(
                at, group, Seconds(fields, "down") ?? 1, (int)(fields.Whole("batch", 1, 1_000_000) ?? 1), Seconds(fields, "pause") ?? 0),
            "add" => new AddFault(at, group, Seconds(fields, "every") ?? 0),
            _ => new RemoveFault(at, group, Seconds(fields, "every") ?? 0),
        };
    }

    private static CrashFault ReadFlap(FieldReader fields, double at, string group)
    {
        var (every, down) = (Seconds(fields, "every") ?? 1, Seconds(fields, "down") ?? 0.1);
        if (down >= every)
        {
            fields.Refuse("down", "is not shorter than every: it would never be up");
        }

        return new CrashFault(at, group, ReadWay(fields)) { Every = every, Down = down };
    }

    private static CrashWay ReadWay(FieldReader fields) =>
        fields.Word("way", "refuses", "hangs") == "hangs" ? CrashWay.Hangs : CrashWay.Refuses;

    private static double? Seconds(FieldReader fields, string name) => fields.Duration(name, s_least)?.TotalSeconds;

    private static void Require(FieldReader fields, (string Name, string What)[] names)
    {
        foreach (var (name, what) in names)
        {
            fields.Require(name, what);
        }
    }
}
