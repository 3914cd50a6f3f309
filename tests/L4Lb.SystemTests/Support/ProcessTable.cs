using System.Globalization;

namespace L4Lb.SystemTests.Support;

/// <summary>What the kernel tells of processes that need not be our own children, proc(5).</summary>
internal static class ProcessTable
{
    /// <summary>Ended, even if nobody has asked for its exit code: whose child it is after its terminal's end may take its time.</summary>
    public static bool HasEnded(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].StartsWith('Z');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>Its first child, that one's first child, and so on, as far as there are any now.</summary>
    public static IEnumerable<int> DescendantsOf(int id)
    {
        for (var next = ChildOf(id); next is { } child; next = ChildOf(child))
        {
            yield return child;
        }
    }

    private static int? ChildOf(int id)
    {
        try
        {
            var children = File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ')[0];
            return int.TryParse(children, CultureInfo.InvariantCulture, out var child) ? child : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // It has ended.
        }
    }
}
