using System.Globalization;
using System.Net;
using System.Text.Json;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;

namespace L4Lb.Host.Client;

/// <summary>What an operator wants of a backend: <c>l4lb drain</c>, <c>enable</c> or <c>weight</c>.</summary>
/// <param name="Client">Whom to ask.</param>
/// <param name="Service">The Service; all of its ports that have the backend are meant.</param>
/// <param name="Backend">The backend.</param>
/// <param name="Change">What is to become of it.</param>
internal sealed record BackendSettings(ClientSettings Client, ServiceName Service, IPEndPoint Backend, BackendChange Change)
{
    /// <summary>The weight that it is to have; null for the one that the configuration gives it.</summary>
    public int? Weight { get; init; }
}

/// <summary>What is to become of a backend.</summary>
internal enum BackendChange
{
    /// <summary>It gets no new sessions.</summary>
    Drain,

    /// <summary>It gets some again.</summary>
    Enable,

    /// <summary>It gets another share.</summary>
    Weight,
}

/// <summary><c>l4lb drain</c>, <c>l4lb enable</c> and <c>l4lb weight</c>.</summary>
internal static class BackendCommand
{
    /// <summary>Changes it and says how it is now.</summary>
    public static Task<int> RunAsync(BackendSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        ClientException.RunAsync(settings.Client, context, async client =>
        {
            var (method, word, body) = settings.Change switch
            {
                BackendChange.Drain => (HttpMethod.Post, "drain", null),
                BackendChange.Enable => (HttpMethod.Post, "enable", null),
                _ => (HttpMethod.Put, "weight", Json(new WeightRequest(settings.Weight))),
            };
            var path = $"services/{Uri.EscapeDataString(settings.Service.Namespace)}/{Uri.EscapeDataString(settings.Service.Name)}"
                + $"/backends/{Uri.EscapeDataString($"{settings.Backend}")}/{word}";
            var answer = await client.SendAsync(method, path, body, AdminJson.Default.ListAnswerBackendAnswer, cancellationToken);
            foreach (var backend in answer.Items)
            {
                context.Out.WriteLine($"{backend.Namespace}/{backend.Service}:{backend.Port} backend {backend.Address} {Describe(settings, backend)}");
            }

            return ExitCode.Done;
        });

    private static string Describe(BackendSettings settings, BackendAnswer now) => settings.Change switch
    {
        BackendChange.Drain when now.Active == 0 => "drained, no sessions",
        BackendChange.Drain => $"drained, {Counted(now.Active, "session")} left",
        BackendChange.Enable => $"enabled, {Effect(now)}",
        _ when settings.Weight is null => $"weight {now.Weight}, as configured{ButNot(now)}",
        _ => $"weight {settings.Weight}, configured {now.Weight}{ButNot(now)}",
    };

    /// <summary>What it comes to, for those who expect that it serves now.</summary>
    private static string Effect(BackendAnswer now) => now.EffectiveWeight > 0
        ? string.Create(CultureInfo.InvariantCulture, $"weight {now.EffectiveWeight:0.##}")
        : $"but gets no sessions: {Why(now)}";

    private static string ButNot(BackendAnswer now) =>
        now.EffectiveWeight > 0 || (now.WeightOverride ?? now.Weight) == 0 ? "" : $"; it gets no sessions: {Why(now)}";

    private static string Why(BackendAnswer now) => now switch
    {
        { Drained: true } => "it is drained",
        { WeightOverride: 0 } or { WeightOverride: null, Weight: 0 } => "its weight is 0",
        { NotEligible: { } reason } => reason,
        { HealthReason: { } reason } => $"it is {now.Health}, {reason}",
        _ => $"it is {now.Health}",
    };

    private static string Counted(long count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static ByteArrayContent Json(WeightRequest request) =>
        new(JsonSerializer.SerializeToUtf8Bytes(request, AdminJson.Default.WeightRequest))
        {
            Headers = { ContentType = new("application/json") },
        };
}
