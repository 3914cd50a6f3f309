using System.Text.Json.Serialization;
using L4Lb.Host.Running;

namespace L4Lb.Host.Admin;

/// <summary>The answer of <c>/healthz</c>.</summary>
/// <param name="Status">Always <c>ok</c>: who can say so is alive.</param>
internal sealed record HealthAnswer(string Status);

/// <summary>The answer of <c>/readyz</c>.</summary>
/// <param name="Status"><c>starting</c>, <c>ready</c> or <c>draining</c>.</param>
/// <param name="Revision">Revision of the configuration in force; 0 when none is.</param>
/// <param name="ConfigStale">Whether a newer configuration was refused.</param>
internal sealed record ReadyAnswer(string Status, long Revision, bool ConfigStale)
{
    /// <summary>The phase in a word.</summary>
    public static string PhaseOf(InstanceState state) => state.Phase switch
    {
        InstancePhase.Starting => "starting",
        InstancePhase.Serving => "ready",
        _ => "draining",
    };
}

/// <summary>The answer of <c>/api/v1/access</c>.</summary>
/// <param name="Level"><c>operator</c>, or <c>reader</c> for who may look and change nothing.</param>
/// <param name="Token">Whether a token was needed to ask.</param>
internal sealed record AccessAnswer(string Level, bool Token)
{
    /// <summary>What the one who asks may do; without tokens that is everything.</summary>
    public static AccessAnswer Of(HttpContext context) => AccessLevels.Of(context) is { } level
        ? new AccessAnswer(WordOf.Value(level), Token: true)
        : new AccessAnswer(WordOf.Value(AccessLevel.Operator), Token: false);
}

/// <summary>How the answers are written, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(ReadyAnswer))]
[JsonSerializable(typeof(AccessAnswer))]
[JsonSerializable(typeof(ListAnswer<ServiceAnswer>))]
[JsonSerializable(typeof(ListAnswer<BackendAnswer>))]
[JsonSerializable(typeof(ListAnswer<AddressAnswer>))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(ListAnswer<ListenerAnswer>))]
[JsonSerializable(typeof(PageAnswer<SessionAnswer>))]
[JsonSerializable(typeof(PageAnswer<AffinityAnswer>))]
[JsonSerializable(typeof(PageAnswer<EventAnswer>))]
[JsonSerializable(typeof(KilledAnswer))]
[JsonSerializable(typeof(PoolsAnswer))]
[JsonSerializable(typeof(ReloadAnswer))]
[JsonSerializable(typeof(EventAnswer))]
[JsonSerializable(typeof(ServiceAnswer[]))]
[JsonSerializable(typeof(BackendAnswer[]))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(WeightRequest))]
[JsonSerializable(typeof(Microsoft.AspNetCore.Mvc.ProblemDetails))]
internal sealed partial class AdminJson : JsonSerializerContext;
