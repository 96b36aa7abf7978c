import java.io.BufferedReader;
import java.io.InputStreamReader;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.tracking.MlflowClient;

/** A training that logs through MLflow's Java client, which reads nothing but MLFLOW_TRACKING_URI. */
public class Train {
  private static final BufferedReader INPUT = new BufferedReader(new InputStreamReader(System.in));

  static void stage(String name) throws Exception {
    System.out.println("STAGE " + name);
    System.out.flush();
    if (INPUT.readLine() == null) System.exit(3);
  }

  public static void main(String[] arguments) throws Exception {
    MlflowClient client = new MlflowClient();
    String run = client.createRun("0").getRunId();
    System.out.println("RUN_ID=" + run);
    client.logParam(run, "before", "1");
    for (int step = 0; step < 10; step++) client.logMetric(run, "loss", 1.0 / (step + 1), 1700000000000L + step, step);
    stage("first");
    for (int step = 10; step < 20; step++) client.logMetric(run, "loss", 1.0 / (step + 1), 1700000000000L + step, step);
    stage("second");
    client.setTag(run, "after", "yes");
    client.setTerminated(run, RunStatus.FINISHED);
    System.out.println("FAILURES=0");
    System.exit(0);
  }
}
