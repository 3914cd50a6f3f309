namespace L4Lb.K8s.Informers;

/// <summary>
/// Told what informers go through that people may want to read about: little while all is well, and once, not at every try, when
/// it is not. Called on the informers' own tasks, several at a time.
/// </summary>
public interface IInformerLog
{
    /// <summary>All objects were read.</summary>
    /// <param name="resource">What is followed.</param>
    /// <param name="objects">How many there are.</param>
    /// <param name="changes">How many are new, gone, or other than they were known.</param>
    /// <param name="took">How long the server took.</param>
    /// <param name="reason">Why again; null for the first time.</param>
    void Listed(string resource, int objects, int changes, TimeSpan took, string? reason);

    /// <summary>
    /// The server does not answer or refuses, for the second time in a row: watches break every so often and are fine at once.
    /// Told again when the reason changes.
    /// </summary>
    void Failing(string resource, string problem);

    /// <summary>It is well again.</summary>
    /// <param name="resource">What is followed.</param>
    /// <param name="outage">How long it was not.</param>
    void Recovered(string resource, TimeSpan outage);

    /// <summary>The server does not know the kind, and has not since the start.</summary>
    void NotServed(string resource);

    /// <summary>A handler of a change threw, which is a bug. The others were called.</summary>
    void HandlerFailed(string resource, Exception exception);
}
