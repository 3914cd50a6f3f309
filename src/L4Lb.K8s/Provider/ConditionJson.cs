using System.Globalization;
using System.Text.Json;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Provider;

/// <summary>Writes conditions.</summary>
internal static class ConditionJson
{
    /// <summary>Writes one, as an object.</summary>
    public static void Write(Utf8JsonWriter json, Condition condition)
    {
        json.WriteStartObject();
        json.WriteString("type", condition.Type);
        json.WriteString("status", condition.Status);
        if (condition.ObservedGeneration > 0)
        {
            json.WriteNumber("observedGeneration", condition.ObservedGeneration);
        }

        // meta/v1 Time: whole seconds.
        if (condition.LastTransitionTime is { } time)
        {
            json.WriteString("lastTransitionTime", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }

        json.WriteString("reason", condition.Reason);
        json.WriteString("message", condition.Message);
        json.WriteEndObject();
    }
}
