using System.Text.Json;

namespace L4Lb.Host.Admin;

/// <summary>Enum values as JSON has them.</summary>
internal static class WordOf
{
    /// <summary>As <c>connectRefused</c>.</summary>
    public static string Value<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
