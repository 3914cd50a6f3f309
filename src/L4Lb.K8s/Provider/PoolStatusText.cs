using System.Buffers;
using System.Text.Json;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>What the status of a pool is to say, and the patch that says it. Pure.</summary>
internal static class PoolStatusText
{
    /// <summary>Type of the condition that says whether a pool gives addresses away.</summary>
    public const string Ready = "Ready";

    /// <summary>The status of a pool; the conditions of others stay as they are.</summary>
    public static PoolStatus For(AddressPool pool, PoolUsage usage, DateTimeOffset now)
    {
        var before = pool.Status?.Conditions ?? [];
        var ready = usage.Problems.Count == 0
            ? new Condition(Ready, "True", "Usable", "Services get addresses of it")
            : new Condition(Ready, "False", "InvalidAddresses", string.Join("; ", usage.Problems));
        var last = before.FirstOrDefault(static condition => condition.Type == Ready);
        ready = ready with
        {
            ObservedGeneration = pool.Metadata.Generation,
            LastTransitionTime = last?.Status == ready.Status ? last.LastTransitionTime ?? now : now,
        };
        return new()
        {
            AssignedIPv4 = Number(usage.AssignedIPv4),
            AvailableIPv4 = Number(usage.TotalIPv4 - usage.AssignedIPv4),
            AssignedIPv6 = Number(usage.AssignedIPv6),
            AvailableIPv6 = Number(usage.TotalIPv6 - usage.AssignedIPv6),
            Conditions = [.. before.Where(static condition => condition.Type != Ready), ready],
        };
    }

    /// <summary>Whether there is nothing to be written where <paramref name="written"/> stands.</summary>
    public static bool IsSaidBy(this PoolStatus wanted, PoolStatus? written) =>
        written is not null && wanted with { Conditions = [] } == written with { Conditions = [] }
        && wanted.Conditions.Count == written.Conditions.Count
        && wanted.Conditions.All(c => written.Conditions.Any(w => w with { LastTransitionTime = c.LastTransitionTime } == c));

    /// <summary>A merge patch, good for the version of the pool that it was made of.</summary>
    public static ReadOnlyMemory<byte> Patch(AddressPool pool, PoolStatus status)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteString("resourceVersion", pool.Metadata.ResourceVersion);
            json.WriteEndObject();
            json.WriteStartObject("status");
            json.WriteNumber("assignedIPv4", status.AssignedIPv4);
            json.WriteNumber("availableIPv4", status.AvailableIPv4);
            json.WriteNumber("assignedIPv6", status.AssignedIPv6);
            json.WriteNumber("availableIPv6", status.AvailableIPv6);
            json.WriteStartArray("conditions");
            foreach (var condition in status.Conditions)
            {
                ConditionJson.Write(json, condition);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static long Number(UInt128 count) => count > long.MaxValue ? long.MaxValue : (long)count;
}
