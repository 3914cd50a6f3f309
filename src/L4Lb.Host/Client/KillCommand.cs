using System.Globalization;
using L4Lb.Host.Admin;
using L4Lb.Host.Cli;
using L4Lb.Host.Client.Get;

namespace L4Lb.Host.Client;

/// <summary>Which sessions and flows <c>l4lb kill</c> is to end.</summary>
/// <param name="Client">Whom to ask.</param>
/// <param name="Ids">Those with these numbers.</param>
/// <param name="Those">Without numbers, those that fit; at least one filter is set.</param>
internal sealed record KillSettings(ClientSettings Client, IReadOnlyList<long> Ids, Selection Those)
{
    /// <summary>Whether to end many without asking.</summary>
    public bool Yes { get; init; }
}

/// <summary><c>l4lb kill</c>.</summary>
internal static class KillCommand
{
    // TCP and UDP are two lists of the API; numbers are given once in both.
    private static readonly (string Path, string One)[] s_kinds = [("sessions", "session"), ("flows", "flow")];

    /// <summary>Ends them and says which.</summary>
    public static Task<int> RunAsync(KillSettings settings, CommandContext context, CancellationToken cancellationToken) =>
        ClientException.RunAsync(
            settings.Client,
            context,
            client => settings.Ids.Count > 0
                ? KillEachAsync(client, settings.Ids, context, cancellationToken)
                : KillThoseAsync(client, settings, context, cancellationToken));

    private static async Task<int> KillEachAsync(
        AdminClient client, IReadOnlyList<long> ids, CommandContext context, CancellationToken cancellation)
    {
        var code = ExitCode.Done;
        foreach (var id in ids)
        {
            if (await TryKillAsync(client, id, cancellation) is { } kind)
            {
                context.Out.WriteLine($"{kind} {id} killed");
            }
            else
            {
                context.Error.WriteLine($"l4lb: there is no open session or flow {id}; it may be over");
                code = ExitCode.Failed;
            }
        }

        return code;
    }

    private static async Task<string?> TryKillAsync(AdminClient client, long id, CancellationToken cancellation)
    {
        foreach (var (path, one) in s_kinds)
        {
            try
            {
                await client.SendAsync(HttpMethod.Delete, $"{path}/{id}", null, AdminJson.Default.KilledAnswer, cancellation);
                return one;
            }
            catch (ClientException e) when (e.IsNotThere)
            {
                // It is of the other kind, or over.
            }
        }

        return null;
    }

    private static async Task<int> KillThoseAsync(
        AdminClient client, KillSettings settings, CommandContext context, CancellationToken cancellation)
    {
        var query = settings.Those.Query();
        if (settings.Those.Service is not null)
        {
            // A name that is nobody's fits nothing: this one says so.
            await client.GetAsync($"services?{settings.Those.ServiceQuery()}", AdminJson.Default.ListAnswerServiceAnswer, cancellation);
        }

        if (!settings.Yes)
        {
            var found = new List<long>();
            foreach (var (path, _) in s_kinds)
            {
                found.Add((await client.GetAsync($"{path}?limit=1{query}", AdminJson.Default.PageAnswerSessionAnswer, cancellation)).Total);
            }

            if (found.Sum() > 0 && !IsWanted(context, Words(found)))
            {
                context.Error.WriteLine(
                    context.Terminal is null ? $"l4lb: {Words(found)} fit; say --yes to end them" : "l4lb: nothing was ended");
                return context.Terminal is null ? ExitCode.Usage : ExitCode.Failed;
            }
        }

        var killed = new List<long>();
        foreach (var (path, _) in s_kinds)
        {
            var answer = await client.SendAsync(
                HttpMethod.Delete, $"{path}?{query.TrimStart('&')}", null, AdminJson.Default.KilledAnswer, cancellation);
            killed.Add(answer.Killed);
        }

        context.Out.WriteLine($"{Words(killed)} killed");
        return ExitCode.Done;
    }

    private static bool IsWanted(CommandContext context, string what)
    {
        context.Terminal?.Write($"End {what}? [y/N] ");
        return context.Terminal?.ReadLine()?.Trim().ToLowerInvariant() is "y" or "yes";
    }

    private static string Words(IReadOnlyList<long> counts) => string.Join(" and ", s_kinds.Zip(counts, static (kind, count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {kind.One}{(count == 1 ? "" : "s")}")));
}
